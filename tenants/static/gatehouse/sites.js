// What the sites' pages do in the browser beyond Unfold.
document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-download]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy || button.dataset.download);
    if (button.dataset.copy) {
        copy(field).then((copied) => {
            if (copied) button.focus();
            tell(button, copied ? button.dataset.copied : button.dataset.refused);
        });
    } else {
        download(field);
    }
});

// Over plain HTTP a browser has no clipboard API, but still copies what is selected.
async function copy(field) {
    field.select();
    try {
        await navigator.clipboard.writeText(field.value);
        return true;
    } catch {
        return document.execCommand("copy");
    }
}

function download(field) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([field.value + "\n"], { type: "text/plain" }));
    link.download = field.dataset.filename || "secret.txt";
    link.click();
    URL.revokeObjectURL(link.href);
}

function tell(button, text) {
    const label = button.querySelector("[data-said]");
    const before = label.textContent;
    label.textContent = text;
    const status = document.querySelector("[data-status]");
    if (status) status.textContent = text;
    setTimeout(() => { label.textContent = before; }, 2000);
}

// A second click while the first is on its way would do it twice.
document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A slash where nothing is typed, and Ctrl-K or Command-K anywhere, open the search; where a list
// has a box of its own, the slash is for that.
document.addEventListener("keydown", (event) => {
    const box = document.getElementById("nav-filter");
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !document.getElementById("searchbar");
    const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!box || !(slash || chord)) return;
    event.preventDefault();
    // On a phone, and where it was folded away, the sidebar is opened first.
    const folded = [...document.querySelectorAll("[aria-controls=nav-sidebar][aria-expanded=false]")];
    if (!box.checkVisibility()) folded.find((one) => one.checkVisibility())?.click();
    setTimeout(() => box.focus(), 50);
});

// In the search box the arrow keys walk through what was found.
document.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-search]");
    if (!box) return;
    const stops = [box.querySelector("input"), ...box.querySelectorAll("a")];
    const here = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
        event.preventDefault();
        stops[Math.min(Math.max(here + step, 0), stops.length - 1)].focus();
    } else if (event.key === "Escape") {
        document.activeElement.blur();
    } else if (event.key === "Enter" && here === 0) {
        event.preventDefault();
        stops[1]?.click();
    }
});

// What is under way is asked for every other second, or as often as `data-every` says in
// milliseconds, as long as somebody looks, until it is over.
// Should the server not answer, it is asked less and less often.
document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-follow]").forEach(follow);
});

function follow(box) {
    const every = Number(box.dataset.every) || 1500;
    let pause = every;
    const look = async () => {
        if (box.querySelector("[data-over]")) return;
        if (!document.hidden) {
            try {
                const answer = await fetch(box.dataset.follow, { redirect: "error" });
                if (!answer.ok) throw new Error(answer.status);
                // What stands still for long is looked at less and less often.
                const moved = show(box, await answer.text());
                pause = moved ? every : Math.min(pause * 1.1, Math.max(every, 20000));
            } catch {
                pause = Math.min(pause * 2, 30000);
            }
        }
        setTimeout(look, pause);
    };
    setTimeout(look, pause);
}

// Only what differs is replaced: whoever hears the page is told of changes, not of every look.
function show(box, html) {
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    const moved = fresh.innerHTML !== box.dataset.shown;
    if (moved) {
        box.dataset.shown = fresh.innerHTML;
        const held = box.contains(document.activeElement) ? document.activeElement : null;
        const link = held?.getAttribute("href");
        box.replaceChildren(...fresh.childNodes);
        window.htmx?.process(box);
        // Whoever stood on a link or a button still stands on it.
        if (held?.id) document.getElementById(held.id)?.focus();
        else if (link) [...box.querySelectorAll("a")].find((a) => a.getAttribute("href") === link)?.focus();
    }
    const over = box.querySelector("[data-over][data-reload]");
    if (over?.dataset.reload) location.assign(over.dataset.reload);
    else if (over) location.reload();
    return moved;
}

// A file that is asked for alone is sent as soon as it is chosen.
document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send-at-once]")) event.target.form.requestSubmit();
});

// What is hidden until the page is built cannot take the focus before.
document.addEventListener("alpine:initialized", () => {
    setTimeout(() => document.querySelector("form [autofocus]")?.focus());
});

// Where the tabs are wider than the screen, the one that is open is in sight.
document.addEventListener("alpine:initialized", () => {
    setTimeout(() => {
        const open = document.querySelector(".gh-tabs [aria-current]");
        if (open) open.parentElement.scrollLeft = open.offsetLeft - open.parentElement.clientWidth / 3;
    });
});

// A browser knows where it is; whoever is elsewhere chooses anew.
document.addEventListener("DOMContentLoaded", () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const list of document.querySelectorAll('select[data-guess="timezone"]')) {
        if (!list.value && [...list.options].some((option) => option.value === zone)) list.value = zone;
    }
});

// Unfold measures its tabs before the page is laid out and may hide some that have room.
addEventListener("load", () => dispatchEvent(new Event("resize")));
