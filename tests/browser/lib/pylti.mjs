// The tool that PyLTI1p3 makes, in a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts it at http://127.0.0.1:PORT, for a platform at `issuer`. */
export async function pylti(port, issuer) {
  const python = process.env.PASSERELLE_PYTHON;
  if (!python) throw new Error("PASSERELLE_PYTHON must name the Python that has PyLTI1p3");
  const script = fileURLToPath(new URL("../pylti/tool.py", import.meta.url));
  const tool = spawn(python, [script, String(port), issuer], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [tool.stdout, tool.stderr]) stream.on("data", (text) => { said += text; });
  const base = `http://127.0.0.1:${port}`;
  const ask = async (path, body) => {
    const options = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${base}${path}`, options);
    return answer.json();
  };
  for (let tries = 0; ; tries += 1) {
    if (tool.exitCode !== null || tries > 150) throw new Error(`the tool does not answer: ${said}`);
    if (await fetch(`${base}/seen`).then((answer) => answer.ok, () => false)) break;
    await new Promise((go) => setTimeout(go, 200));
  }
  return {
    base,
    said: () => said,
    /** Tells it what it is called by the platform. */
    is: (client) => ask("/client", { client_id: client }),
    seen: () => ask("/seen"),
    async stop() {
      tool.kill("SIGTERM");
      if (tool.exitCode === null) await once(tool, "exit");
    },
  };
}
