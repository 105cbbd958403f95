"use strict";
// The page is complete without this: it only filters the requirements and opens what a link leads into.
const form = document.getElementById("filter");
const items = [...document.querySelectorAll(".req")].map(item => ({item, text: item.textContent.toLowerCase()}));
function apply() {
  const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const {item, text} of items) {
    const keep = ["protocol", "profile", "verdict"].every(name => !form[name].value || form[name].value === item.dataset[name])
      && words.every(word => text.includes(word));
    item.hidden = !keep;
    shown += keep;
  }
  form.querySelector("output").textContent = shown === items.length ? "" : `${shown} of ${items.length}`;
}
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.hidden = false;
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  target.scrollIntoView();
}
form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", reveal);
reveal();
