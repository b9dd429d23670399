// What the page does beside sending forms: tabs, painting hours, finding, opening the why, dropping files in.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const view = () => Object.fromEntries(new FormData($("#view")));

// --- Tabs ---

function show(name, focus = false) {
  const tab = $(`#tab-${CSS.escape(name)}`);
  if (!tab) return;
  for (const other of $$("[role=tab]")) {
    const mine = other === tab;
    other.setAttribute("aria-selected", String(mine));
    other.tabIndex = mine ? 0 : -1;
    $(`#${other.getAttribute("aria-controls")}`).hidden = !mine;
  }
  remember(name);
  if (focus) tab.focus();
  if (name === "facts" && $("#week").getAttribute("aria-busy") === "false") offerFacts();
}

// The address says which tab is open, and whose hours are shown in it: reload keeps both.
function remember(name) {
  const whose = name === "hours" ? [$("#whose")?.value, $("#where")?.value].filter(Boolean) : [];
  const open = [`#try-${name}`, ...whose.map(encodeURIComponent)].join("/");
  history.replaceState(history.state, "", `${location.pathname}${location.search}${open}`);
}

// Others may be offered than before: they are asked for when nobody waits for teams or sessions, and somebody looks.
function offerFacts() {
  if (!$("#facts").hidden) htmx.trigger("#facts", "refresh");
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) show(tab.getAttribute("aria-controls"));
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const all = $$("[role=tab]");
  show(all[(all.indexOf(tab) + step + all.length) % all.length].getAttribute("aria-controls"), true);
  event.preventDefault();
});

// --- Painting hours ---

const painting = { on: false, value: false, anchor: null, before: null, timer: 0, picking: 0 };
const cell = (slot) => $(`#grid [data-slot="${slot}"]`);
const there = (one) => one.getAttribute("aria-selected") === "true";
const DAY = 96;

function set(one, value) {
  if (one) one.setAttribute("aria-selected", String(value));
}

function step() {
  return $("#quarters").checked ? 1 : 2;
}

// The two quarters of a half hour, or the one that is meant.
function slots(slot) {
  return step() === 1 ? [slot] : [slot - (slot % 2), slot - (slot % 2) + 1];
}

function paint(from, to, value) {
  const days = [Math.floor(from / DAY), Math.floor(to / DAY)].sort((a, b) => a - b);
  const times = [...slots(from % DAY), ...slots(to % DAY)].sort((a, b) => a - b);
  for (let day = days[0]; day <= days[1]; day++)
    for (let time = times[0]; time <= times[times.length - 1]; time++) set(cell(day * DAY + time), value);
}

// The week as text, such as Mon 09:00-17:00; the server writes days of the same hours together.
function asText() {
  const names = $$("#grid thead th").map((head) => head.textContent);
  const clock = (time) => `${String(Math.floor(time / 4)).padStart(2, "0")}:${String((time % 4) * 15).padStart(2, "0")}`;
  const found = [];
  for (let day = 0; day < 7; day++) {
    let begun = null;
    for (let time = 0; time <= DAY; time++) {
      const one = time < DAY ? cell(day * DAY + time) : null;
      const here = one !== null && there(one);
      if (here && begun === null) begun = time;
      if (!here && begun !== null) {
        found.push(`${names[day]} ${clock(begun)}-${clock(time)}`);
        begun = null;
      }
    }
  }
  return found.join("; ");
}

function painted(wait) {
  const text = asText();
  $("#when").value = text;
  clearTimeout(painting.timer);
  painting.timer = setTimeout(() => {
    const form = $("#hours-text");
    if (!form || form.dataset.sent === text) return;
    form.dataset.sent = text;
    form.dataset.painted = "yes";
    htmx.trigger(form, "submit");
  }, wait);
}

function enter(one) {
  const now = $('#grid [tabindex="0"]');
  if (now) now.tabIndex = -1;
  one.tabIndex = 0;
  one.focus({ preventScroll: false });
}

document.addEventListener("pointerdown", (event) => {
  const one = event.target.closest("#grid [data-slot]");
  if (!one || event.button) return;
  event.preventDefault();
  one.releasePointerCapture?.(event.pointerId);
  painting.on = true;
  painting.value = !there(one);
  painting.anchor = Number(one.dataset.slot);
  painting.before = new Map($$("#grid [data-slot]").map((c) => [c, there(c)]));
  enter(one);
  paint(painting.anchor, painting.anchor, painting.value);
});

document.addEventListener("pointermove", (event) => {
  if (!painting.on) return;
  const one = document.elementFromPoint(event.clientX, event.clientY)?.closest("#grid [data-slot]");
  if (!one) return;
  for (const [other, was] of painting.before) set(other, was);
  paint(painting.anchor, Number(one.dataset.slot), painting.value);
});

for (const name of ["pointerup", "pointercancel"])
  document.addEventListener(name, () => {
    if (!painting.on) return;
    painting.on = false;
    painted(0);
  });

document.addEventListener("keydown", (event) => {
  const one = event.target.closest?.("#grid [data-slot]");
  if (!one) return;
  const slot = Number(one.dataset.slot);
  const move = { ArrowUp: -step(), ArrowDown: step(), ArrowLeft: -DAY, ArrowRight: DAY }[event.key];
  if (event.key === " " || event.key === "Enter") {
    paint(slot, slot, !there(one));
    painted(700);
  } else if (move) {
    const next = cell(slot + move);
    const sameDay = Math.floor((slot + move) / DAY) === Math.floor(slot / DAY);
    if (next && (sameDay || Math.abs(move) === DAY)) {
      enter(next);
      if (event.shiftKey) {
        paint(Number(next.dataset.slot), Number(next.dataset.slot), there(one));
        painted(700);
      }
    }
  } else return;
  event.preventDefault();
});

function gridReady() {
  const first = $('#grid [aria-selected="true"]') || $("#grid [data-slot]");
  if (first && !$('#grid [tabindex="0"]')) first.tabIndex = 0;
}

document.addEventListener("change", (event) => {
  if (!event.target.closest("#hours-pick")) return;
  if (event.target.name === "practitioner") $("#hours-pick [name=site]")?.setAttribute("disabled", "");
  // Who types a name passes others on the way.
  clearTimeout(painting.picking);
  painting.picking = setTimeout(() => htmx.trigger("#hours", "refresh"), 350);
});

// --- Why: a person, a link ---

function ask(path, values) {
  htmx.ajax("GET", path, { target: "#told-inside", swap: "innerHTML", values: { ...view(), ...values } }).then(() => {
    const told = $("#told");
    if (!told.open && $("#told-inside").childElementCount) told.showModal();
    told.scrollTop = 0;
  });
}

function why(target) {
  const about = target.closest("[data-person], [data-prescriber], [data-uid]");
  if (!about) return false;
  const { person, prescriber, therapist, site, uid } = about.dataset;
  if (uid) ask("/session", { uid });
  else if (person) ask("/person", { id: person });
  else if (therapist) ask("/link", { prescriber, therapist, site });
  else return false;
  return true;
}

document.addEventListener("click", (event) => {
  if (why(event.target)) return;
  const hours = event.target.closest("[data-hours-of]");
  if (hours) {
    $("#told").close();
    show("hours", true);
    const pick = $("#hours-pick [name=practitioner]");
    pick.value = hours.dataset.hoursOf;
    pick.dispatchEvent(new Event("change", { bubbles: true }));
  }
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of $$("details.menu[open]")) menu.open = false;
  const mark = event.target.closest?.("svg [role=button]");
  if (mark && (event.key === "Enter" || event.key === " ") && why(mark)) event.preventDefault();
});

// Who is pointed at in a picture: their links are lit.
function light(event) {
  const picture = event.target.closest?.(".picture svg");
  if (!picture) return;
  const begins = event.type === "mouseover" || (event.type === "focusin" && event.target.matches(":focus-visible"));
  const mark = begins ? event.target.closest("[aria-label][tabindex]") : null;
  const id = mark?.dataset.person;
  if (mark && $("#pointed")) $("#pointed").textContent = mark.getAttribute("aria-label");
  picture.classList.toggle("asking", Boolean(id));
  for (const lit of $$(".lit", picture)) lit.classList.remove("lit");
  if (!id) return;
  const at = CSS.escape(id);
  for (const link of $$(`[data-prescriber="${at}"], [data-therapist="${at}"]`, picture)) {
    link.classList.add("lit");
    for (const other of [link.dataset.prescriber, link.dataset.therapist])
      for (const one of $$(`[data-person="${CSS.escape(other)}"]`, picture)) one.classList.add("lit");
  }
  for (const one of $$(`[data-person="${at}"]`, picture)) one.classList.add("lit");
}
for (const name of ["mouseover", "mouseout", "focusin", "focusout"]) document.addEventListener(name, light);

// --- Finding a fact ---

document.addEventListener("input", (event) => {
  if (event.target.id !== "find-fact") return;
  const words = event.target.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const offer of $$("#facts .offer"))
    offer.hidden = !words.every((word) => offer.textContent.toLocaleLowerCase().includes(word));
  for (const group of $$("#facts .offers-of")) {
    const some = $$(".offer", group).some((offer) => !offer.hidden);
    group.hidden = !some;
    group.open = (words.length > 0 && some) || $$(":checked", group).length > 0;
  }
});

// --- Dropping a file in ---

for (const name of ["dragenter", "dragover", "dragleave", "drop"])
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", name === "dragenter" || name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    const file = $("#file");
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change", { bubbles: true }));
  });

// --- What comes back ---

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (!close) return;
  $(`#${close.dataset.close}`).replaceChildren();
  ($("#open-menu > summary") || $("#file"))?.focus();
});

// A box or a choice whose change was made shows it from now on; one whose change was not made goes back.
function keepOrGoBack(form, made, sent) {
  const control = form.matches('form[hx-trigger="change"]') && $("input[type=checkbox], select", form);
  if (!control) return;
  if (!made) form.reset();
  else if (control.type === "checkbox") control.defaultChecked = sent.has(control.name);
  else for (const option of control.options) option.defaultSelected = option.value === sent.get(control.name);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  // What is told of one file is not told of the next.
  if (event.detail.pathInfo?.requestPath === "/open") for (const part of ["#wrong", "#refused"]) $(part)?.replaceChildren();
  if (event.target.getAttribute("aria-disabled") === "true") event.preventDefault();
  // What is worked out for the view before is out of date.
  if (event.detail.pathInfo?.requestPath?.startsWith("/change/") && !event.defaultPrevented)
    for (const part of ["#week", "#facts"]) htmx.trigger(part, "htmx:abort");
  if (event.target.hasAttribute("aria-busy")) event.target.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, pathInfo, xhr } = event.detail;
  if (elt.hasAttribute("aria-busy") && xhr.status) elt.setAttribute("aria-busy", "false");
  if (xhr.status) $("#offline").hidden = true;
  const made = xhr.status >= 200 && xhr.status < 300;
  const change = pathInfo.requestPath.match(/^\/change\/(\w+)/)?.[1];
  if (change) keepOrGoBack(elt, made, event.detail.requestConfig.formData);
  // Nothing was changed: what was dropped for it is still wanted.
  if (change && !made && xhr.status) {
    if ($("#week").getAttribute("aria-busy") === "true") htmx.trigger("#week", "again");
    else if ($("#facts").getAttribute("aria-busy") === "true") offerFacts();
  }
  if (!made) return;
  if (pathInfo.requestPath === "/week") offerFacts();
  if (!change) return;
  // The parts of the new view are in the page already: what has to be asked for again is asked for now.
  htmx.trigger(document.body, "view-changed");
  if (location.hash === "") show($('[role=tab][aria-selected="true"]').getAttribute("aria-controls"));
  if (["undo", "redo", "without", "all"].includes(change)) {
    const known = $("#facts-known [name=known]");
    if (known) known.value = "";
  }
  const painted = $("#hours-text")?.dataset.painted;
  if (!(change === "hours" && painted)) htmx.trigger("#hours", "refresh");
  if (painted) delete $("#hours-text").dataset.painted;
});

document.addEventListener("htmx:sendError", () => {
  $("#offline").hidden = false;
});

document.addEventListener("htmx:afterSettle", (event) => {
  gridReady();
  if (event.target.id === "hours" && !$("#hours").hidden) remember("hours");
  if (event.target.id === "wrong") {
    $("#open-menu")?.removeAttribute("open");
    $("#wrong-title")?.focus();
    const file = $("#file");
    if (file) file.value = "";
  }
  for (const form of $$("#hire form")) if (event.detail.requestConfig?.path === "/change/hire") form.reset();
});

const [opened, whose, where] = location.hash.replace("#try-", "").split("/").map(decodeURIComponent);
show(opened || "facts");
if (opened === "hours" && whose)
  htmx.ajax("GET", "/hours", { target: "#hours", values: { ...view(), practitioner: whose, ...(where && { site: where }) } });
