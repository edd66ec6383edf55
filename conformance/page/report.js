(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");
  const by = id => document.getElementById(id);
  const all = (what, within = document) => Array.from(within.querySelectorAll(what));
  const scenarios = all(".scenario"), chips = all(".chip"), choices = ["area", "role", "level", "find"].map(by);
  const [area, role, level, find] = choices;
  const trouble = s => ["failed", "errored"].includes(s.dataset.outcome);

  for (const part of all(".bar i")) part.style.flexGrow = part.dataset.count;

  const fits = s => chips.some(c => c.dataset.outcome === s.dataset.outcome && c.getAttribute("aria-pressed") === "true")
    && (!area.value || s.parentElement.dataset.area === area.value)
    && (!role.value || s.dataset.roles.split(" ").includes(role.value))
    && (!level.value || s.dataset.level === level.value)
    && find.value.toLowerCase().split(/\s+/).every(word => s.dataset.text.includes(word));

  function filter() {
    let shown = 0;
    for (const s of scenarios) {
      s.hidden = !fits(s);
      if (!s.hidden) shown++;
    }
    for (const section of all(".area")) section.hidden = !section.querySelector(".scenario:not([hidden])");
    by("nothing").hidden = shown > 0;
    by("shown").textContent = shown === scenarios.length ? "" : `${shown} of ${scenarios.length} scenarios shown`;
    by("clear").disabled = shown === scenarios.length;
    by("next").disabled = !scenarios.some(s => !s.hidden && trouble(s));
  }

  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const pressed = chips.filter(c => c.getAttribute("aria-pressed") === "true");
      const alone = pressed.length === 1 && pressed[0] === chip;
      const whole = pressed.length === chips.length;
      for (const c of chips) {
        if (alone) c.setAttribute("aria-pressed", "true");
        else if (whole) c.setAttribute("aria-pressed", String(c === chip));
        else if (c === chip) c.setAttribute("aria-pressed", String(c.getAttribute("aria-pressed") !== "true"));
      }
      filter();
    });
  }
  for (const choice of choices) choice.addEventListener("input", filter);
  by("clear").addEventListener("click", () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", "true");
    for (const choice of choices) choice.value = "";
    filter();
  });

  let current = null;
  function show(s) {
    if (!s) return;
    current = s;
    s.open = true;
    s.scrollIntoView({ block: "start" });
  }
  function next() {
    const list = scenarios.filter(s => !s.hidden && trouble(s));
    show(list[(list.indexOf(current) + 1) % list.length]);
  }
  by("next").addEventListener("click", next);
  document.addEventListener("keydown", e => {
    if (e.key === "n" && !e.ctrlKey && !e.metaKey && !e.altKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) next();
  });

  const theme = by("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  for (const button of all(".copy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "copied";
    });
  }

  function followFragment() {
    const s = location.hash && by(decodeURIComponent(location.hash.slice(1)));
    if (s && s.classList.contains("scenario")) { s.hidden = false; s.closest(".area").hidden = false; show(s); return true; }
    return false;
  }
  addEventListener("hashchange", followFragment);
  filter();
  followFragment();
})();
