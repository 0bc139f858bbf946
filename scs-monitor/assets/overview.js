// Filters and sorts the overview without a reload. Without this script, the form and the links do the same.
"use strict";

const form = document.querySelector("form.selection");
const collator = new Intl.Collator(document.documentElement.lang, { sensitivity: "base", numeric: true });
const sections = [...document.querySelectorAll("section.listing")];
const rows = new Map(sections.map((section) => [section, [...section.querySelectorAll("tbody tr")]]));
let sorting = { by: form?.elements.sort?.value ?? "", descending: form?.elements.order?.value === "desc" };

const value = (name) => form.elements[name].value.trim();
const cells = { name: 0, operator: 2 };
const key = (row) => (sorting.by === "state" ? row.dataset.rank : row.cells[cells[sorting.by]].textContent);

function parameters() {
  const query = new URLSearchParams(location.search);
  for (const name of ["q", "state", "listing", "scope"]) {
    if (value(name)) query.set(name, value(name));
    else query.delete(name);
  }
  query.delete("sort");
  query.delete("order");
  if (sorting.by) query.set("sort", sorting.by);
  if (sorting.by && sorting.descending) query.set("order", "desc");
  return query;
}

function filter() {
  const words = value("q").toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const [section, list] of rows) {
    const isSection =
      (!value("listing") || section.dataset.listing === value("listing")) &&
      (!value("scope") || section.dataset.scope === value("scope"));
    let inSection = 0;
    for (const row of list) {
      const text = [0, 1, 2].map((cell) => row.cells[cell].textContent).join(" ").toLowerCase();
      const isShown =
        isSection &&
        (!value("state") || row.dataset.state === value("state")) &&
        words.every((word) => text.includes(word));
      row.hidden = !isShown;
      inSection += isShown ? 1 : 0;
      all += 1;
    }
    section.hidden = inSection === 0;
    shown += inSection;
  }
  document.querySelector(".count").textContent = form.dataset.count.replace("{shown}", shown).replace("{all}", all);
  document.querySelector(".nothing").hidden = shown !== 0;
  const query = parameters();
  const isDefault = ["q", "state", "listing", "scope", "sort"].every((name) => !query.has(name));
  document.querySelector("a.reset").hidden = isDefault;
  const text = query.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}

function sort() {
  for (const [section, list] of rows) {
    const ordered = sorting.by ? [...list].sort((one, other) => collator.compare(key(one), key(other))) : list;
    section.querySelector("tbody").append(...(sorting.descending ? ordered.reverse() : ordered));
    for (const heading of section.querySelectorAll("th[data-sort]")) {
      if (heading.dataset.sort === sorting.by) {
        heading.setAttribute("aria-sort", sorting.descending ? "descending" : "ascending");
      } else {
        heading.removeAttribute("aria-sort");
      }
    }
  }
}

if (form) {
  form.querySelector("button").hidden = true;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  for (const link of document.querySelectorAll("th[data-sort] a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const by = link.parentElement.dataset.sort;
      sorting = { by, descending: sorting.by === by && !sorting.descending };
      sort();
      filter();
    });
  }
  for (const link of document.querySelectorAll(".totals a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      form.elements.state.value = new URL(link.href).searchParams.get("state");
      filter();
    });
  }
}
