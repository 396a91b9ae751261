// The terminal of a page that `lesson page` serves. xterm.js is loaded when it is opened.
const panel = document.getElementById("terminal");
const screen = document.getElementById("terminal-screen");
const toggle = panel.querySelector("button");
const reader = panel.querySelector("input");
const status = panel.querySelector("[role=status]");
const words = panel.dataset;
let terminal, socket, connecting = false;

function theme() {
  const colour = name => getComputedStyle(panel).getPropertyValue(name).trim();
  return {
    background: colour("--panel"), foreground: colour("--ink"), cursor: colour("--accent"), cursorAccent: colour("--panel"),
    selectionBackground: colour("--accent"), selectionForeground: colour("--back"),
  };
}

// xterm.js writes style elements and style attributes, which the policy of the page forbids. The same rules are
// permitted in a style sheet or a style that a script makes.
function permitStyles() {
  const create = document.createElement;
  function setAttribute(name, value) {
    if (name === "style") this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  }
  document.createElement = function (name, ...rest) {
    const element = create.call(document, name === "style" ? "template" : name, ...rest);
    if (name === "span") element.setAttribute = setAttribute;
    if (name === "style") {
      const sheet = new CSSStyleSheet();
      document.adoptedStyleSheets.push(sheet);
      Object.defineProperty(element, "textContent", {set: text => sheet.replaceSync(text)});
    }
    return element;
  };
}

async function create() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = "../terminal/xterm.css";
  const styled = new Promise(resolve => { sheet.onload = sheet.onerror = resolve; });
  document.head.append(sheet);
  const [{Terminal}, {FitAddon}] = await Promise.all([import("./terminal/xterm.mjs"), import("./terminal/addon-fit.mjs"), styled]);
  permitStyles();
  Terminal.strings.promptLabel = words.input;
  const made = new Terminal({
    fontFamily: getComputedStyle(document.querySelector("code")).fontFamily, fontSize: 14, scrollback: 5000,
    minimumContrastRatio: 4.5, screenReaderMode: reader.checked, theme: theme(),
  });
  const fit = new FitAddon();
  made.loadAddon(fit);
  made.attachCustomKeyEventHandler(event => {
    const leaves = event.key === "F6" && event.shiftKey;
    if (leaves) {
      event.preventDefault();
      toggle.focus();
    }
    return !leaves;
  });
  made.onData(keys => {
    if (socket) send(socket, new TextEncoder().encode(keys));
    else if (keys === "\r") connect();
  });
  made.onBinary(keys => send(socket, Uint8Array.from(keys, key => key.charCodeAt(0))));
  made.open(screen);
  fit.fit();
  made.onResize(sendSize);
  made.textarea.setAttribute("aria-describedby", "terminal-keys");
  new ResizeObserver(() => { if (!screen.hidden) fit.fit(); }).observe(screen);
  return made;
}

function send(to, message) {
  if (to?.readyState === WebSocket.OPEN) to.send(message);
}

function sendSize() {
  send(socket, `${terminal.rows} ${terminal.cols}`);
}

async function connect() {
  if (socket || connecting) return;
  connecting = true;
  status.textContent = words.wait;
  try {
    const answer = await (await fetch("../terminal.json")).json();
    if (answer.problem) {
      status.textContent = `${words.none} ${answer.problem}`;
      return;
    }
    terminal ??= await create();
    await start(answer.token);
    status.textContent = "";
  } catch {
    status.textContent = words.lost;
  } finally {
    connecting = false;
  }
}

function start(token) {
  const own = new WebSocket(`ws://${location.host}/terminal?size=${terminal.rows}&size=${terminal.cols}`, ["slipway-terminal", token]);
  own.binaryType = "arraybuffer";
  own.onmessage = event => terminal.write(new Uint8Array(event.data), () => send(own, "seen"));
  return new Promise((resolve, reject) => {
    own.onopen = () => {
      socket = own;
      terminal.reset();
      sendSize();
      resolve();
    };
    own.onclose = event => {
      reject(event);
      if (own !== socket) return;
      socket = undefined;
      status.textContent = event.code === 1000 ? words.ended : words.lost;
    };
  });
}

toggle.addEventListener("click", async () => {
  screen.hidden = !screen.hidden;
  toggle.setAttribute("aria-expanded", !screen.hidden);
  document.body.classList.toggle("with-terminal", !screen.hidden);
  if (screen.hidden) return;
  await connect();
  terminal?.focus();
});
reader.addEventListener("change", () => { if (terminal) terminal.options.screenReaderMode = reader.checked; });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (terminal) terminal.options.theme = theme(); });
panel.hidden = false;
