/* Comfort only: every page does its work without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const KEY = "krm-darstellung";

  // Before the page is painted: the theme somebody chose on this machine. Nothing else is kept in the browser.
  const chosen = () => { try { return localStorage.getItem(KEY) || "auto"; } catch { return "auto"; } };
  const show = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.kernTheme = theme;
    else delete root.dataset.kernTheme;
  };
  show(chosen());

  const themeSwitch = (group) => {
    const buttons = [...group.querySelectorAll("[data-krm-theme]")];
    const mark = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.krmTheme === chosen())));
    group.addEventListener("click", (event) => {
      const button = event.target.closest("[data-krm-theme]");
      if (!button) return;
      try { localStorage.setItem(KEY, button.dataset.krmTheme); } catch { /* private window: for this page only */ }
      show(button.dataset.krmTheme);
      mark();
    });
    mark();
    group.hidden = false;
  };

  const dropZone = (zone) => {
    const input = zone.querySelector("input[type=file]");
    if (!input) return;
    const lit = (on) => zone.classList.toggle("is-over", on);
    zone.addEventListener("dragover", (event) => { event.preventDefault(); lit(true); });
    zone.addEventListener("dragleave", () => lit(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      lit(false);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };

  // The letter beside the form while it is typed in; the file does not leave the browser for this.
  const SHOWN = ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"];
  const preview = (zone) => {
    const place = document.getElementById(zone.dataset.krmPreview);
    zone.addEventListener("change", (event) => {
      place.querySelectorAll("[src]").forEach((shown) => URL.revokeObjectURL(shown.src));
      const file = [...event.target.files].find((each) => SHOWN.includes(each.type));
      place.hidden = !file;
      place.replaceChildren();
      if (!file) return;
      const sheet = document.createElement(file.type === "application/pdf" ? "iframe" : "img");
      sheet.src = URL.createObjectURL(file);
      sheet[sheet.tagName === "IMG" ? "alt" : "title"] = `Vorschau: ${file.name}`;
      place.append(sheet);
    });
  };

  // Beside a field that can be copied; where the browser does not let us, one marks it and copies by hand.
  const copying = (button) => {
    if (!navigator.clipboard) return;
    const field = document.getElementById(button.dataset.krmCopy);
    const label = button.querySelector(".kern-label");
    button.addEventListener("click", () => {
      field.select();
      navigator.clipboard.writeText(field.value).then(() => { label.textContent = "Kopiert"; }, () => {});
    });
    button.hidden = false;
  };

  const closeMenus = (except) => document.querySelectorAll(".krm-fold[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-krm-theme-switch]").forEach(themeSwitch);
    document.querySelectorAll("[data-krm-drop]").forEach(dropZone);
    document.querySelectorAll("[data-krm-preview]").forEach(preview);
    document.querySelectorAll("[data-krm-copy]").forEach(copying);
    document.querySelector("[data-krm-focus]")?.focus();
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest(".krm-fold")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".krm-fold[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // One tick for all rows of the table it stands in.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-krm-check-all]")) return;
    event.target.closest("table").querySelectorAll(".krm-select").forEach((box) => { box.checked = event.target.checked; });
  });

  const release = (form) => {
    delete form.dataset.krmSent;
    form.removeAttribute("aria-busy");
  };

  // The browser sends a date that does not exist as none at all: it is said here, before it is lost.
  document.addEventListener("submit", (event) => {
    const wrong = [...event.target.querySelectorAll('input[type="date"]')].filter((field) => field.validity.badInput);
    if (event.target.method !== "post" || wrong.length === 0) return;
    event.preventDefault();
    for (const field of wrong) {
      const told = document.getElementById(`${field.id}_no_date`) || document.createElement("p");
      told.id = `${field.id}_no_date`;
      told.className = "kern-error krm-field-error";
      told.setAttribute("role", "alert");
      told.textContent = "Dieses Datum gibt es nicht.";
      field.after(told);
      field.setAttribute("aria-invalid", "true");
    }
    wrong[0].focus();
  });

  // A second click while the answer is on its way sends nothing again. The server refuses doubles anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.krmSent) event.preventDefault();
    form.dataset.krmSent = "1";
    form.setAttribute("aria-busy", "true");
    setTimeout(release, 8000, form); // an answer that is a file leaves the page where it is
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-krm-sent]").forEach(release));
})();
