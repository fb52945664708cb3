// Light or dark in front of the sites: the choice is kept where Unfold's own scripts look for it.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return JSON.parse(localStorage.getItem("adminTheme")) || "auto";
    } catch {
      return "auto";
    }
  };
  const show = () => {
    const name = chosen();
    root.classList.toggle("dark", name === "dark" || (name === "auto" && dark.matches));
    for (const button of document.querySelectorAll("[data-choose-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.chooseTheme === name));
    }
  };
  // A platform may have one theme for all of its pages.
  if (!("theme" in root.dataset)) return;
  show();
  dark.addEventListener("change", show);
  addEventListener("DOMContentLoaded", show);
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose-theme]");
    if (!button) return;
    localStorage.setItem("adminTheme", JSON.stringify(button.dataset.chooseTheme));
    show();
  });
})();
