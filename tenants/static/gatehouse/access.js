// For those who go by keyboard or hear the page: what Unfold makes for the mouse alone.

// What answers clicks is a button, wherever one stands on it. A backdrop is none.
const CLICKABLE = "[x-on\\:click]:not(a[href], button, [role=button], #changelist-filter-close)";
// On a phone, what a page's operations are behind: three dots that say nothing to who hears them.
const DOTS = "[x-on\\:click='showActions = !showActions']";
const FILTERS = "[x-on\\:click='filterOpen = true']";

function prepare(root) {
    const all = (selector) => [...root.querySelectorAll(selector), ...(root.matches(selector) ? [root] : [])];
    for (const icon of all(".material-symbols-outlined:not([aria-hidden], [x-on\\:click])")) {
        icon.ariaHidden = "true";
    }
    for (const control of all(CLICKABLE)) {
        control.role = "button";
        control.tabIndex = 0;
        if (menuOf(control)) control.ariaHasPopup = "true";
    }
    for (const dots of all(DOTS)) {
        const named = [...dots.parentElement.querySelectorAll("ul a, ul button")];
        dots.ariaLabel = named.map(textOf).join(", ");
    }
    // The same before tabs that a line has no room for, once they have been put away.
    for (const { parentElement: menu } of all("#tabs-dropdown > a")) {
        menu.previousElementSibling.ariaLabel = [...menu.children].map(textOf).join(", ");
    }
    for (const search of all("#searchbar-submit")) search.ariaLabel = search.nextElementSibling.placeholder;
    for (const box of all(".select2-container")) name(box);
    for (const pane of all("[data-simplebar]")) {
        const named = pane.closest("nav") || pane.closest("#filter-form") && document.querySelector(FILTERS);
        pane.dataset.simplebarAriaLabel = named?.ariaLabel || (named || document.querySelector("h1")).innerText;
    }
}

// What a link says, without the name of its symbol.
function textOf(link) {
    const copy = link.cloneNode(true);
    for (const icon of copy.querySelectorAll(".material-symbols-outlined")) icon.remove();
    return copy.textContent.trim();
}

// A list that is searched by typing is called what its field is called.
function name(box) {
    const field = box.previousElementSibling;
    const label = field?.id && document.querySelector(`label[for="${field.id}"]`);
    if (!label) return;
    label.id ||= `${field.id}-label`;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox]")) {
        part.setAttribute("aria-labelledby", label.id);
    }
}

document.addEventListener("DOMContentLoaded", () => {
    prepare(document.body);
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
            for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) prepare(node);
        }
    }).observe(document.body, { childList: true, subtree: true });
});

// The menu that a control opens: beside it, or where Unfold has taken it to.
function menuOf(control) {
    const beside = control.parentElement;
    return beside.querySelector("template")?._x_teleport || beside.querySelector("nav");
}

document.addEventListener("keydown", (event) => {
    const control = event.target.closest?.("[role=button][x-on\\:click]");
    if (!control || event.target !== control || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    control.click();
    const menu = menuOf(control);
    if (menu) setTimeout(() => enter(menu, control), 200);
});

// Escape closes a menu and leads back to what opened it.
function enter(menu, control) {
    menu.querySelector("button, a[href], [role=button]")?.focus();
    if (menu.dataset.leaves) return;
    menu.dataset.leaves = "1";
    menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        control.click();
        control.focus();
    });
}

// A dialog takes the keyboard along, keeps it while it is open, and gives it back.
let opener = null;
document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "modal-content") opener = event.detail.elt;
});
document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "modal-content") return;
    setTimeout(() => waiting(event.target)?.focus(), 50);
});
function gatehouseDialog(open) {
    const page = document.getElementById("page");
    if (page) page.inert = open;
    if (!open && opener) opener.focus();
    if (!open) opener = null;
}

// A form takes the keyboard where it waits for an answer, or else where it is sent.
function waiting(form) {
    return form.querySelector("[required]:invalid:not([type=file], .admin-autocomplete)")
        || form.querySelector("[type=submit]");
}
document.addEventListener("alpine:initialized", () => {
    const form = document.querySelector(".gh-form");
    if (form && !form.querySelector("[autofocus]")) {
        setTimeout(() => waiting(form)?.focus({ preventScroll: true }));
    }
});

// Control and Enter send a form from wherever one writes in it.
document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.target.form?.requestSubmit();
});
