// A plugin of JupyterLab 4, written as what its builder makes of one: a container for module federation. Cells of Markdown
// are shown with what their roles say, as the server of the report answers; the text of the cell stays as it is.
(() => {
  "use strict";
  let shared;
  const loaded = async (name) => {
    const [offered] = Object.values(shared[name]);
    return (await offered.get())();
  };
  const extension = async () => {
    const { IRenderMimeRegistry } = await loaded("@jupyterlab/rendermime");
    const { ServerConnection } = await loaded("@jupyterlab/services");
    const { NotebookActions } = await loaded("@jupyterlab/notebook");
    const settings = ServerConnection.makeSettings();
    const told = async (source) => {
      if (!/\{[a-z]+\}`/.test(source)) return source;
      const asked = { method: "POST", body: JSON.stringify({ source }) };
      try {
        const answer = await ServerConnection.makeRequest(`${settings.baseUrl}evidencebook/told`, asked, settings);
        return answer.ok ? (await answer.json()).told : source;
      } catch {
        return source; // the server has gone: better the roles than an old number
      }
    };
    const plugin = {
      id: "evidencebook:sentences",
      autoStart: true,
      requires: [IRenderMimeRegistry],
      activate: (app, rendermime) => {
        const { markdownParser } = rendermime;
        // Charts are made for the letters of these faces.
        const faces = { rel: "stylesheet", href: `${settings.baseUrl}evidencebook/faces.css` };
        document.head.append(Object.assign(document.createElement("link"), faces));
        const render = markdownParser.render.bind(markdownParser);
        markdownParser.render = async (source, ...more) => render(await told(source), ...more);
        // Whoever runs a cell again, because a table has changed, must not read old numbers beside it.
        const shown = new Set();
        const registry = Object.getPrototypeOf(rendermime);
        const create = registry.createRenderer;
        registry.createRenderer = function (type) {
          const made = create.call(this, type);
          if (type === "text/markdown") {
            const draw = made.renderModel.bind(made);
            made.renderModel = (model) => (made.drawAgain = () => draw(model))();
            shown.add(made);
            made.disposed.connect(() => shown.delete(made));
          }
          return made;
        };
        NotebookActions.executed.connect(() => shown.forEach((one) => one.isAttached && one.drawAgain?.()));
      },
    };
    return () => ({ __esModule: true, default: plugin });
  };
  (globalThis._JUPYTERLAB ??= {}).evidencebook = {
    init: (scope) => {
      shared = scope;
    },
    get: (name) => (name === "./extension" ? extension() : Promise.reject(new Error(`no module ${name}`))),
  };
})();
