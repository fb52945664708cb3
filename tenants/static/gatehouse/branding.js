// The preview of a platform's looks follows what is typed: the server draws it, by its own rules.
const preview = document.querySelector("[data-preview]");
const form = preview?.parentElement.querySelector("form.gh-form");
let picture = "";
let latest = 0;
let soon;

if (form) {
    form.addEventListener("input", (event) => {
        pair(event.target);
        clearTimeout(soon);
        soon = setTimeout(draw, 150);
    });
    form.querySelector("[type=file]")?.addEventListener("change", (event) => {
        const [file] = event.target.files;
        if (!file) { picture = ""; draw(); return; }
        const reader = new FileReader();
        reader.onload = () => { picture = reader.result; draw(); };
        reader.readAsDataURL(file);
    });
}
if (form?.querySelector(".errors")) draw();
preview?.querySelectorAll("iframe").forEach((frame) => {
    fit(frame);
    frame.addEventListener("load", () => fit(frame));
});

// What is picked is typed, and what is typed is picked.
function pair(field) {
    const typed = document.getElementById(field.dataset.picks);
    if (typed) typed.value = field.value;
    const picker = form.querySelector(`[data-picks="${field.id}"]`);
    const [, digits] = /^#?([0-9a-f]{6})$/i.exec(field.value.trim()) || [];
    if (picker && digits) picker.value = `#${digits}`;
}

async function draw() {
    const turn = ++latest;
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && name !== "csrfmiddlewaretoken") typed.set(name, value);
    }
    const answer = await fetch(`${preview.dataset.preview}&${typed}`, { redirect: "error" });
    if (!answer.ok || turn !== latest) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of fresh.querySelectorAll("[data-part]")) {
        const shown = preview.querySelector(`[data-part="${part.dataset.part}"]`);
        if (shown.tagName === "IFRAME") rewrite(shown, part.srcdoc);
        else if (shown.innerHTML !== part.innerHTML) shown.innerHTML = part.innerHTML;
    }
    if (picture) preview.querySelectorAll("[data-logo]").forEach(fill);
}

// A frame that is loaded anew would flicker with every letter.
function rewrite(frame, html) {
    const inside = frame.contentDocument;
    const fresh = new DOMParser().parseFromString(html, "text/html").documentElement;
    inside.replaceChild(inside.adoptNode(fresh), inside.documentElement);
    if (picture) {
        const logo = inside.querySelector("img") || new Image();
        logo.src = picture;
        logo.height = 40;
        if (!logo.isConnected) inside.querySelector("td td p").before(logo);
    }
    fit(frame);
}

function fill(image) {
    image.src = picture;
    image.hidden = false;
    image.parentElement.querySelector("[data-no-logo]")?.remove();
}

function fit(frame) {
    const page = frame.contentDocument?.documentElement;
    if (page?.scrollHeight) frame.style.height = `${page.querySelector("body").scrollHeight + 4}px`;
}
