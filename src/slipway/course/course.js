"use strict";
const words = document.body.dataset;

for (const figure of document.querySelectorAll("figure.command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    const text = figure.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(figure.querySelector("code"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 1500);
  });
  figure.append(button);
}

const search = document.getElementById("search");
if (search) {
  const rows = [...document.querySelectorAll("[data-find]")];
  search.closest(".search").hidden = false;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.dataset.find.toLocaleLowerCase();
      row.hidden = !wanted.every(word => text.includes(word));
    }
    document.getElementById("nothing").hidden = rows.some(row => !row.hidden);
  });
  addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
}

// Of the files of the lesson from which its author's preview was made; NaN on other pages.
const version = Number(words.version);

// A page that `lesson page` serves is marked with what the student did. A file has nothing to ask.
async function mark() {
  let state;
  try {
    const answer = await fetch("../state.json", {cache: "no-store"});
    if (!answer.ok) return;
    state = await answer.json();
  } catch {
    return;
  }
  // The author of the lesson has saved a file.
  if (version && state.version !== version) location.reload();
  const lesson = state.lessons[words.lesson] || {tasks: {}};
  for (const card of document.querySelectorAll("[data-task]")) {
    const name = card.dataset.task;
    const done = ["done", "solved"].includes(lesson.tasks[name]);
    const current = state.lesson === words.lesson && state.task === name;
    card.classList.toggle("done", done);
    card.classList.toggle("current", current);
    card.querySelector(".state").textContent = done ? `✓ ${words.done}` : current ? words.current : "";
    for (const row of card.querySelectorAll("[data-check]")) {
      const check = current && state.checks.find(one => one.name === row.dataset.check);
      row.classList.toggle("passed", check ? check.passed : done);
      row.classList.toggle("failed", Boolean(check) && !check.passed);
      row.querySelector(".seen").textContent = check && !check.passed ? `${words.seen}: ${check.seen}` : "";
    }
  }
  for (const row of document.querySelectorAll("li[data-lesson]")) {
    const tasks = Object.values((state.lessons[row.dataset.lesson] || {tasks: {}}).tasks);
    const done = tasks.filter(one => ["done", "solved"].includes(one)).length;
    if (done) row.querySelector(".count").dataset.done = done;
  }
  setTimeout(mark, 2000);
}
if (location.protocol.startsWith("http")) mark();
