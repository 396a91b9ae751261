"use strict";
const words = document.body.dataset;
const signs = {done: "✓", solved: "*", open: "…", new: "○"};

function cell(row, kind, text) {
  const made = document.createElement(kind);
  if (kind === "th") made.scope = "row";
  made.textContent = text;
  row.append(made);
  return made;
}

// The text for a screen reader has numbers; a sign has the name of its task.
function marks(row, lesson) {
  const made = cell(row, "td", `${lesson.done}/${lesson.of} `);
  const all = document.createElement("span");
  all.className = "marks";
  all.setAttribute("aria-hidden", "true");
  for (const task of lesson.tasks) {
    const mark = document.createElement("span");
    mark.className = task.state;
    mark.textContent = signs[task.state];
    mark.title = `${task.task}: ${words[task.state]}`;
    all.append(mark);
  }
  made.append(all);
}

function rows(board) {
  const found = [];
  for (const student of board.students) {
    const lessons = student.lessons.length ? student.lessons : [null];
    for (const lesson of lessons) {
      const row = document.createElement("tr");
      cell(row, "th", student.student);
      cell(row, "td", lesson ? lesson.lesson : "-");
      if (lesson) {
        const now = lesson.tasks.find(one => one.task === lesson.current);
        marks(row, lesson);
        for (const text of [lesson.current, now ? now.checks : "", now ? now.hints : ""]) cell(row, "td", text);
      } else {
        for (let more = 0; more < 4; more += 1) cell(row, "td", "");
      }
      found.push(row);
    }
  }
  return found;
}

async function show() {
  const problem = document.getElementById("problem");
  try {
    const answer = await fetch("../state.json", {cache: "no-store"});
    const board = await answer.json();
    problem.textContent = board.problem || "";
    if (board.students) document.getElementById("rows").replaceChildren(...rows(board));
  } catch (error) {
    problem.textContent = String(error);
  }
  setTimeout(show, 2000);
}
show();
