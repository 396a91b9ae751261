// Shows the lab's pages and polls the state of the cluster from the API server.
const EVERY = 5000;
const at = (id) => document.getElementById(id);

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

async function ask(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(15000) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

const condition = (object, type) =>
  (object.status.conditions ?? []).find((one) => one.type === type)?.status === "True";

const finished = (pod) => pod.status.phase === "Succeeded";

function why(pod) {
  const waiting = (pod.status.containerStatuses ?? []).map((one) => one.state?.waiting?.reason).find(Boolean);
  return waiting ?? pod.status.reason ?? pod.status.phase;
}

function showPages({ lab, pages }) {
  at("lab").textContent = lab;
  document.title = `Slipway ${lab}`;
  at("pages").replaceChildren(...pages.map(({ name, url, about }) => {
    const link = element("a");
    link.href = url;
    link.append(element("strong", name), element("span", about || url));
    const item = element("li");
    item.append(link);
    return item;
  }));
}

function showCluster(nodes, pods, version) {
  const ready = nodes.filter((node) => condition(node, "Ready"));
  const trouble = pods.filter((pod) => !finished(pod) && !condition(pod, "Ready"));
  at("state").textContent =
    `Kubernetes ${version} · ${ready.length} of ${nodes.length} nodes ready · ${pods.length} pods, ${trouble.length} not ready`;
  at("state").className = ready.length === nodes.length && trouble.length === 0 ? "good" : "bad";
  at("nodes").replaceChildren(...nodes.map((node) => {
    const row = element("tr");
    const isReady = condition(node, "Ready");
    const name = element("th", node.metadata.name);
    name.scope = "row";
    const count = pods.filter((pod) => pod.spec.nodeName === node.metadata.name && !finished(pod)).length;
    row.append(
      name,
      element("td", isReady ? "ready" : "not ready", isReady ? "good" : "bad"),
      element("td", String(count)),
      element("td", node.status.nodeInfo.kubeletVersion),
    );
    return row;
  }));
  const items = trouble.map((pod) => element("li", `${pod.metadata.namespace}/${pod.metadata.name}: ${why(pod)}`, "bad"));
  at("trouble").replaceChildren(...(items.length ? items : [element("li", "none")]));
}

async function refresh() {
  try {
    const [nodes, pods, version] = await Promise.all(["nodes", "pods", "version"].map((name) => ask(`live/${name}`)));
    showCluster(nodes.items, pods.items, version.gitVersion);
  } catch (error) {
    at("state").textContent = `the cluster does not answer: ${error.message}`;
    at("state").className = "bad";
  }
  setTimeout(refresh, EVERY);
}

showPages(await ask("lab.json"));
await refresh();
