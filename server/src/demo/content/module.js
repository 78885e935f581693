// A small module: a few screens, then questions. Speaks SCORM 1.2 or 2004, whichever the platform offers.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("module").textContent);
  var main = document.getElementById("main");

  function find(name) {
    for (var at = window, steps = 0; steps < 10; steps += 1, at = at.parent) {
      try { if (at[name]) return at[name]; } catch (error) { return null; }
      if (at.parent === at) return null;
    }
    return null;
  }
  var modern = find("API_1484_11");
  var old = modern ? null : find("API");
  var lms = {
    start: function () { return modern ? modern.Initialize("") : old ? old.LMSInitialize("") : "false"; },
    get: function (name) { return modern ? modern.GetValue(name) : old ? old.LMSGetValue(name) : ""; },
    set: function (name, value) { return modern ? modern.SetValue(name, String(value)) : old ? old.LMSSetValue(name, String(value)) : "false"; },
    save: function () { return modern ? modern.Commit("") : old ? old.LMSCommit("") : "false"; },
    end: function () { return modern ? modern.Terminate("") : old ? old.LMSFinish("") : "false"; }
  };
  var names = modern
    ? { place: "cmi.location", data: "cmi.suspend_data", exit: "cmi.exit", time: "cmi.session_time", raw: "cmi.score.raw", min: "cmi.score.min", max: "cmi.score.max" }
    : { place: "cmi.core.lesson_location", data: "cmi.suspend_data", exit: "cmi.core.exit", time: "cmi.core.session_time", raw: "cmi.core.score.raw", min: "cmi.core.score.min", max: "cmi.core.score.max" };

  var began = Date.now();
  var steps = data.screens.concat(data.questions);
  var at = 0;
  var answers = {};
  var ended = false;

  function two(n) { return n < 10 ? "0" + n : "" + n; }
  function time() {
    var s = Math.round((Date.now() - began) / 1000);
    return modern ? "PT" + s + "S" : two(Math.floor(s / 3600)) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
  }
  function status(word) {
    if (!modern) return lms.set("cmi.core.lesson_status", word);
    lms.set("cmi.completion_status", word === "incomplete" ? "incomplete" : "completed");
    if (word === "passed" || word === "failed") lms.set("cmi.success_status", word);
    return "true";
  }
  function keep() {
    lms.set(names.place, at);
    lms.set(names.data, JSON.stringify(answers));
    lms.set(names.time, time());
    lms.save();
  }
  function score() {
    var good = 0;
    data.questions.forEach(function (q, n) { if (answers[n] === q.right) good += 1; });
    return data.questions.length ? Math.round(100 * good / data.questions.length) : 100;
  }
  function finish() {
    var reached = score();
    data.questions.forEach(function (q, n) {
      var base = "cmi.interactions." + n + ".";
      lms.set(base + "id", "question-" + (n + 1));
      lms.set(base + "type", "choice");
      if (modern) lms.set(base + "description", q.text);
      lms.set(base + (modern ? "learner_response" : "student_response"), "r" + answers[n]);
      lms.set(base + "correct_responses.0.pattern", "r" + q.right);
      lms.set(base + "result", answers[n] === q.right ? "correct" : modern ? "incorrect" : "wrong");
    });
    lms.set(names.min, 0);
    lms.set(names.max, 100);
    lms.set(names.raw, reached);
    if (modern) { lms.set("cmi.score.scaled", reached / 100); lms.set("cmi.progress_measure", 1); }
    status(reached >= data.pass ? "passed" : "failed");
    keep();
    return reached;
  }
  function leave(exit) {
    if (ended) return;
    ended = true;
    lms.set(names.exit, exit);
    lms.set(names.time, time());
    lms.save();
    lms.end();
  }
  function make(tag, text, attributes) {
    var element = document.createElement(tag);
    if (text) element.textContent = text;
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    return element;
  }
  function button(text, work, quiet) {
    var made = make("button", text, { type: "button" });
    if (quiet) made.className = "quiet";
    made.addEventListener("click", work);
    return made;
  }
  function go(to) { at = to; keep(); show(true); }

  function show(focus) {
    main.textContent = "";
    var nav = make("nav", "", { "aria-label": "Pages" });
    if (at >= steps.length) {
      var reached = finish();
      main.appendChild(make("h1", "Terminé", { tabindex: "-1" }));
      main.appendChild(make("p", "Votre résultat : " + reached + " %."));
      main.appendChild(make("p", reached >= data.pass ? "Bravo, c’est réussi. Vous pouvez quitter." : "Il faut " + data.pass + " %. Relisez et réessayez quand vous voulez."));
      if (reached < data.pass) nav.appendChild(button("Recommencer les questions", function () { answers = {}; go(data.screens.length); }));
    } else {
      var step = steps[at];
      main.appendChild(make("p", (at + 1) + " sur " + steps.length, { class: "place" }));
      main.appendChild(make("h1", step.title || "Question", { tabindex: "-1" }));
      (step.paragraphs || []).forEach(function (text) { main.appendChild(make("p", text)); });
      var number = at - data.screens.length;
      if (number >= 0) {
        var set = make("fieldset", "", { style: "border:0;padding:0;margin:0" });
        set.appendChild(make("legend", step.text));
        step.answers.forEach(function (text, n) {
          var label = make("label", "", { class: "answer" });
          var input = make("input", "", { type: "radio", name: "answer", value: String(n) });
          input.checked = answers[number] === n;
          input.addEventListener("change", function () { answers[number] = n; keep(); });
          label.appendChild(input);
          label.appendChild(make("span", text));
          set.appendChild(label);
        });
        main.appendChild(set);
      }
      if (at > 0) nav.appendChild(button("Page précédente", function () { go(at - 1); }, true));
      nav.appendChild(button(at + 1 < steps.length ? "Page suivante" : "Voir mon résultat", function () { go(at + 1); }));
    }
    main.appendChild(nav);
    if (focus) main.querySelector("h1").focus();
  }

  lms.start();
  try { answers = JSON.parse(lms.get(names.data)) || {}; } catch (error) { answers = {}; }
  var known = parseInt(lms.get(names.place), 10);
  at = isNaN(known) ? 0 : Math.min(known, steps.length);
  var said = lms.get(modern ? "cmi.completion_status" : "cmi.core.lesson_status");
  if (said !== "completed" && said !== "passed") status("incomplete");
  window.addEventListener("pagehide", function () { leave("suspend"); });
  show(false);
})();
