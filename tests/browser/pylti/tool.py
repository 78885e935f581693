"""A tool written with PyLTI1p3, which others made: Passerelle opens it in the browser tests.

    python tool.py PORT ISSUER

The key and the client identifier come by POST /client once the tool is registered; what happened
is read at GET /seen.
"""

import datetime
import json
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, jsonify, request
from flask_caching import Cache
from markupsafe import escape
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.tool_config import ToolConfDict

PORT, ISSUER = int(sys.argv[1]), sys.argv[2]
BASE = f"http://127.0.0.1:{PORT}"

app = Flask("tool")
app.secret_key = "a test"
app.config.update(CACHE_TYPE="SimpleCache", SESSION_COOKIE_NAME="tool")
cache = Cache(app)
seen = {"launches": [], "members": [], "results": [], "items": []}
conf = None

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC = key.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
).decode()


def page(body):
    return f"<!doctype html><html lang='fr'><meta charset='utf-8'><title>Exercices</title><body>{body}</body></html>"


@app.post("/client")
def client():
    """Says which client this tool is."""
    global conf
    conf = ToolConfDict(
        {
            ISSUER: [
                {
                    "default": True,
                    "client_id": request.json["client_id"],
                    "auth_login_url": f"{ISSUER}/lti/autoriser",
                    "auth_token_url": f"{ISSUER}/lti/jeton",
                    "key_set_url": f"{ISSUER}/lti/cles",
                    "key_set": None,
                    "deployment_ids": ["1"],
                }
            ]
        }
    )
    conf.set_private_key(ISSUER, PRIVATE, client_id=request.json["client_id"])
    conf.set_public_key(ISSUER, PUBLIC, client_id=request.json["client_id"])
    return jsonify({})


@app.get("/keys")
def keys():
    from pylti1p3.registration import Registration

    return jsonify({"keys": [Registration.get_jwk(PUBLIC)]})


@app.get("/seen")
def what_was_seen():
    return jsonify(seen)


@app.route("/login", methods=["GET", "POST"])
def login():
    flask_request = FlaskRequest()
    target = flask_request.get_param("target_link_uri")
    storage = FlaskCacheDataStorage(cache)
    return FlaskOIDCLogin(flask_request, conf, launch_data_storage=storage).redirect(target)


def launched():
    return FlaskMessageLaunch(FlaskRequest(), conf, launch_data_storage=FlaskCacheDataStorage(cache))


@app.post("/launch")
def launch():
    message = launched()
    data = message.get_launch_data()
    seen["launches"].append(data)
    number = message.get_launch_id()
    if message.is_deep_link_launch():
        return page(f"<h1>Que choisir ?</h1><p><a href='/pick/{escape(number)}'>Prendre deux exercices</a></p>")
    name = escape(data.get("given_name", "sans nom"))
    return page(f"<h1>Bonjour {name}</h1><p><a href='/finish/{escape(number)}'>Terminer</a></p>")


def known(number):
    storage = FlaskCacheDataStorage(cache)
    return FlaskMessageLaunch.from_cache(number, FlaskRequest(), conf, launch_data_storage=storage)


@app.get("/finish/<number>")
def finish(number):
    """The exercise is over: a score for the activity, another in a column of the tool's own."""
    message = known(number)
    ags = message.get_ags()
    subject = message.get_launch_data()["sub"]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()

    def grade(given):
        return (
            Grade()
            .set_score_given(given)
            .set_score_maximum(10)
            .set_timestamp(now)
            .set_activity_progress("Completed")
            .set_grading_progress("FullyGraded")
            .set_user_id(subject)
            .set_comment("Bien")
        )

    ags.put_grade(grade(9))
    own = LineItem().set_tag("temps").set_label("Temps").set_score_maximum(60)
    own = ags.find_or_create_lineitem(own, find_by="tag")
    ags.put_grade(grade(5), own)
    seen["items"] = [item["label"] for item in ags.get_lineitems()]
    seen["results"] = ags.get_grades()
    if message.has_nrps():
        seen["members"] = message.get_nrps().get_members()
    return page("<h1>C’est noté</h1>")


@app.get("/pick/<number>")
def pick(number):
    message = known(number)
    first = DeepLinkResource().set_url(f"{BASE}/launch").set_title("Conjuguer")
    first.set_custom_params({"exercice": "1"})
    first.set_lineitem(LineItem().set_label("Conjuguer").set_score_maximum(10))
    second = DeepLinkResource().set_url(f"{BASE}/launch").set_title("Accorder")
    return message.get_deep_link().output_response_form([first, second])


@app.errorhandler(Exception)
def failed(error):
    print(json.dumps({"error": repr(error)}), flush=True)
    return page(f"<h1>Erreur</h1><p>{escape(repr(error))}</p>"), 500


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=PORT, threaded=True)
