// What a reader does with a report: filter, sort, open, point at people. Nothing is fetched, nothing is kept but the
// address: every state of the page is in what follows its #, so that a view can be sent.
"use strict";
(() => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const byId = (id) => document.getElementById(id);
  const plain = (text) => text.normalize("NFD").replace(/\p{Mark}/gu, "").toLowerCase();
  const order = new Intl.Collator(undefined, { numeric: true });

  // --- The address: #section, or #at=section&open=link-3&teams.sort=-points&teams.find=ana&person=prado&link=3 ---

  const state = new URLSearchParams();
  const view = byId("view");
  let at = "";
  const read = () => {
    const said = location.hash.slice(1);
    const names = [...state.keys()];
    if (!said.includes("=")) return { at: said, same: true };
    names.forEach((name) => state.delete(name));
    new URLSearchParams(said).forEach((value, name) => state.set(name, value));
    const where = state.get("at") || "";
    state.delete("at");
    return { at: where, same: false };
  };
  const write = () => {
    const said = new URLSearchParams();
    if (at) said.set("at", at);
    state.forEach((value, name) => said.set(name, value));
    const hash = [...said.keys()].length === 1 && at ? at : said.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    if (view && !view.hidden) tell();
  };
  const set = (name, value) => {
    if (value) state.set(name, value);
    else state.delete(name);
    write();
  };

  // --- Lists: what is filtered away, what is sorted by ---

  const lists = new Map();
  for (const list of all(".list[data-list]")) {
    const rows = all(":scope > .row", list);
    rows.forEach((row, place) => { row.place = place; });
    const text = new Map(rows.map((row) => [row, plain(
      `${(row.querySelector("summary") || row).textContent} ${row.dataset.find || ""}`)]));
    lists.set(list.dataset.list, {
      list, rows, text, order: [...list.children].slice(1),
      tools: document.querySelector(`.tools[data-for="${list.dataset.list}"]`),
    });
  }
  const value = (row, key, kind) => {
    const cell = row.querySelector(`.c-${key}`);
    const said = cell.dataset.v ?? cell.textContent.trim();
    return kind === "number" ? Number.parseFloat(said.replaceAll(",", "")) || 0 : said;
  };
  const arranged = (name) => {
    const { list, rows, order: first } = lists.get(name);
    const said = state.get(`${name}.sort`) || "";
    const down = said.startsWith("-");
    const key = said.replace("-", "");
    const column = key && all("[data-sort]", list.firstElementChild).find((c) => c.dataset.sort === key);
    for (const c of all("[data-sort]", list.firstElementChild)) {
      const mine = column === c ? (down ? "down" : "up") : "";
      if (mine) c.dataset.sorted = mine;
      else delete c.dataset.sorted;
      const button = c.querySelector("button");
      if (button) button.setAttribute("aria-label", c.textContent.trim() + (mine ? `, sorted ${mine}` : ", sort"));
    }
    list.classList.toggle("flat", Boolean(column));
    if (!column) {
      list.append(...first);
      return;
    }
    const kind = column.dataset.kind;
    const keyed = rows.map((row) => [value(row, key, kind), row]);
    keyed.sort(([a, x], [b, y]) =>
      (kind === "number" ? a - b : order.compare(a, b)) * (down ? -1 : 1) || x.place - y.place);
    list.append(...keyed.map(([, row]) => row));
  };
  const filtered = (name) => {
    const { list, rows, text, tools } = lists.get(name);
    if (!tools) return;
    const words = plain(state.get(`${name}.find`) || "").split(/\s+/).filter(Boolean);
    const boxes = all("[data-show]", tools);
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.show));
    let seen = 0;
    for (const row of rows) {
      const fits = words.every((word) => text.get(row).includes(word));
      row.hidden = !fits || (boxes.length > 0 && !shown.has(row.dataset.verdict));
      seen += !row.hidden;
    }
    let group = null;
    for (const part of list.children) {
      if (part.classList.contains("group")) { group = part; group.hidden = true; }
      else if (group && part.classList.contains("row") && !part.hidden) group.hidden = false;
    }
    tools.querySelector(".found").textContent = seen === rows.length ? `${seen}` : `${seen} of ${rows.length}`;
  };
  for (const [name, { list, tools }] of lists) {
    list.firstElementChild.addEventListener("click", (event) => {
      const column = event.target.closest("button")?.closest("[data-sort]");
      if (!column) return;
      const key = column.dataset.sort;
      const ways = column.dataset.kind === "number" ? [`-${key}`, key, ""] : [key, `-${key}`, ""];
      set(`${name}.sort`, ways[(ways.indexOf(state.get(`${name}.sort`) || "") + 1) % 3]);
      arranged(name);
      filtered(name);
    });
    if (!tools) continue;
    tools.hidden = false;
    const field = tools.querySelector("input[type=search]");
    field.addEventListener("input", () => { set(`${name}.find`, field.value.trim()); filtered(name); });
    for (const box of all("[data-show]", tools)) {
      box.addEventListener("change", () => {
        const off = all("[data-show]", tools).filter((b) => b.checked !== b.defaultChecked).map((b) => b.dataset.show);
        set(`${name}.turned`, off.join(" "));
        filtered(name);
        layers();
      });
    }
  }

  // --- Rows that are open ---

  const opened = () => all("details.row[open]").map((row) => row.id).filter(Boolean);
  let quiet = false;
  for (const row of all("details.row[id]")) {
    row.addEventListener("toggle", () => { if (!quiet) set("open", opened().slice(0, 30).join(" ")); });
  }
  const arrive = (id, focus) => {
    const target = id && byId(id);
    if (!target) return;
    for (let up = target; up; up = up.parentElement?.closest("details")) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    if (target.hidden) {  // filtered away, and asked for by name
      const name = target.closest("[data-list]")?.dataset.list;
      if (target.dataset.verdict) {
        const box = document.querySelector(`[data-for="${name}"] [data-show="${target.dataset.verdict}"]`);
        if (box && !box.checked) { box.checked = true; box.dispatchEvent(new Event("change")); }
      }
      if (target.hidden) { set(`${name}.find`, ""); fields(); filtered(name); }
    }
    all(".arrived").forEach((one) => one.classList.remove("arrived"));
    const whole = target.tagName === "SECTION" || target.classList.contains("tools") || target.id === "drawn";
    if (!whole) target.classList.add("arrived");
    const high = target.getBoundingClientRect().height > innerHeight * 0.8;
    target.scrollIntoView({ block: whole || high ? "start" : "center" });
    if (focus) (target.querySelector("summary") || target).focus({ preventScroll: true });
  };
  const fields = () => {
    for (const [name, { tools }] of lists) {
      if (!tools) continue;
      tools.querySelector("input[type=search]").value = state.get(`${name}.find`) || "";
      const turned = new Set((state.get(`${name}.turned`) || "").split(" "));
      for (const box of all("[data-show]", tools)) {
        box.checked = box.defaultChecked !== turned.has(box.dataset.show);
      }
    }
  };

  // --- Pictures ---

  const networks = all(".network-picture svg");
  const sentence = byId("sentence");
  const picked = byId("picked");
  const said = byId("said") ? JSON.parse(byId("said").textContent) : {};
  const undrawn = byId("undrawn") ? JSON.parse(byId("undrawn").textContent) : {};
  const first = sentence ? [...sentence.childNodes] : [];
  const layers = () => {
    const wanted = Boolean(document.querySelector('.tools[data-for="links"] [data-show="fail"]')?.checked);
    const whole = all("#drawn > .network-picture");
    const both = whole.some((one) => "failing" in one.dataset);
    whole.forEach((one) => { one.hidden = both && ("failing" in one.dataset) !== wanted; });
  };
  const linkSentence = (row) => {
    const list = byId(`link-${row}`);
    if (!list) return "This link is not listed here: kapteam explain names its findings.";
    const cell = (key) => (list.querySelector(`.c-${key}`)?.textContent || "").trim();
    const verdict = cell("verdict").replace(/^\W+/, "") || "teamed";
    return `${cell("prescriber")} + ${cell("therapist")} at ${cell("site")}: ${verdict}, ${cell("points")} points` +
      (cell("why") ? `. ${cell("why")}` : "");
  };
  const light = (svg, marks, words) => {
    svg.classList.toggle("asking", marks.length > 0);
    all(".lit", svg).forEach((mark) => mark.classList.remove("lit"));
    marks.forEach((mark) => mark.classList.add("lit"));
    if (sentence && networks.includes(svg)) {
      if (words) sentence.textContent = words;
      else sentence.replaceChildren(...first);
    }
  };
  const ofPerson = (svg, id) => {
    const mine = all(".link", svg).filter((l) => l.dataset.prescriber === id || l.dataset.therapist === id);
    const others = new Set([id, ...mine.flatMap((l) => [l.dataset.prescriber, l.dataset.therapist])]);
    return [...mine, ...all(".person", svg).filter((p) => others.has(p.dataset.person))];
  };
  const ofLink = (svg, link) => [link, ...all(".person", svg).filter(
    (p) => p.dataset.person === link.dataset.prescriber || p.dataset.person === link.dataset.therapist)];
  const rest = () => {
    const person = state.get("person");
    for (const svg of networks) light(svg, person ? ofPerson(svg, person) : [], person ? said[person] || "" : "");
  };
  const pick = (row, focus) => {
    set("link", row);
    const list = row && byId(`link-${row}`);
    picked.hidden = !list;
    picked.replaceChildren();
    if (!list) return;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => { pick(""); byId("drawn").focus(); });
    const title = document.createElement("h3");
    title.textContent = linkSentence(row);
    const inside = list.querySelector(".inside").cloneNode(true);
    all("[id]", inside).forEach((part) => part.removeAttribute("id"));
    picked.append(close, title, inside);
    if (!focus) return;
    picked.focus({ preventScroll: true });
    picked.scrollIntoView({ block: "start" });
  };
  for (const network of networks) {
    const here = (event) => event.target.closest?.(".person, .link, .site");
    const point = (event) => {
      const mark = here(event);
      if (!mark) rest();
      else if (mark.classList.contains("person")) {
        const id = mark.dataset.person;
        light(network, ofPerson(network, id), said[id] || mark.getAttribute("aria-label") || "");
      } else if (mark.classList.contains("site")) light(network, [], mark.getAttribute("aria-label"));
      else light(network, ofLink(network, mark), linkSentence(mark.dataset.row));
    };
    network.addEventListener("pointerover", point);
    network.addEventListener("pointerleave", rest);
    network.addEventListener("focusin", point);
    network.addEventListener("focusout", rest);
    const press = (event) => {
      const mark = here(event);
      if (!mark) return;
      event.preventDefault();
      if (mark.classList.contains("person")) {
        const id = mark.dataset.person;
        set("person", state.get("person") === id ? "" : id);
        point(event);
      } else if (mark.classList.contains("site")) {
        const drawn = all("details[data-site]").find((one) => one.dataset.site === mark.dataset.site);
        if (drawn) arrive(drawn.id, true);
        else light(network, [], `${mark.getAttribute("aria-label")}. Drawn by ${undrawn[mark.dataset.site]}`);
      } else pick(mark.dataset.row, true);
    };
    network.addEventListener("click", press);
    network.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") press(event);
      if (event.key === "Escape") { set("person", ""); rest(); }
    });
  }
  for (const svg of all(".week-picture svg")) {
    const here = (event) => event.target.closest?.(".session");
    const there = (mark) => {
      const people = mark ? JSON.parse(mark.dataset.people) : [];
      for (const layer of all(".layer.there", svg)) {
        layer.classList.toggle("shown", people.includes(layer.dataset.person) && layer.dataset.site === mark.dataset.site);
      }
    };
    const point = (event) => {
      const mark = here(event);
      light(svg, mark ? [mark] : [], "");
      there(mark);
    };
    svg.addEventListener("pointerover", point);
    svg.addEventListener("pointerleave", () => { light(svg, [], ""); there(null); });
    svg.addEventListener("focusin", point);
    const press = (event) => {
      const mark = here(event);
      const row = mark && all(".row[data-uid]").find((r) => r.dataset.uid === mark.dataset.uid);
      if (!row) return;
      event.preventDefault();
      arrive(row.id, true);
    };
    svg.addEventListener("click", press);
    svg.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") press(event); });
  }

  // --- Sources are named in full where one points at their short name ---

  const named = (event) => {
    const link = event.target.closest?.(".rests a");
    if (link && !link.title) link.title = byId(link.hash.slice(1))?.textContent.replace(/\s+/g, " ").trim() || "";
  };
  document.addEventListener("pointerover", named);
  document.addEventListener("focusin", named);

  // --- Where one is; paper ---

  const index = new Map(all(".index a").map((link) => [link.hash.slice(1), link]));
  if (index.size && "IntersectionObserver" in window) {
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) entry.isIntersecting ? seen.add(entry.target.id) : seen.delete(entry.target.id);
      const here = [...index.keys()].find((id) => seen.has(id));
      for (const [id, link] of index) {
        if (id === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "-10% 0px -60% 0px" });
    for (const id of index.keys()) if (byId(id)) watch.observe(byId(id));
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    quiet = true;
    closed = all("details[data-print]:not([open])");
    closed.forEach((row) => { row.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach((row) => { row.open = false; });
    setTimeout(() => { quiet = false; });
  });

  // --- From the address to the page ---

  // Where what an address is about stands: a link, a person, a row that is open, a list that is filtered or sorted.
  const about = () => {
    const person = state.get("person");
    if (picked && !picked.hidden) return "picked";
    const mark = person && all(".person", document).find((one) => one.dataset.person === person);
    if (mark) return mark.closest("details[data-site]")?.id || "drawn";
    const out = person && all('[data-list="left"] .row').find((row) => row.dataset.find === person);
    if (out) return out.id;
    const [row] = opened();
    if (row) return row;
    const name = [...lists.keys()].find((one) => ["find", "turned", "sort"].some((key) => state.get(`${one}.${key}`)));
    if (!name) return "";
    const { list, tools } = lists.get(name);
    return tools ? tools.id : list.closest("section").id;
  };
  const heading = (part) => (part.closest("section").querySelector("h1, h2")?.textContent || "").trim();
  const tell = () => {
    const told = [];
    const person = state.get("person");
    if (picked && !picked.hidden) told.push(picked.querySelector("h3").textContent);
    if (person && said[person]) told.push(`the links of ${said[person].split(": ")[0]}`);
    const rows = opened();
    if (rows.length > 1) told.push(`${rows.length} rows opened`);
    else if (rows.length) {
      const row = byId(rows[0]);
      const key = row.querySelector(".c-person, .c-when") || row.querySelector("summary .cells > :not(.c-site)");
      told.push(`${heading(row)}: ${(row.querySelector(".c-ask") ? row.querySelector(".c-person") : key).textContent.trim()}`);
    }
    for (const [name, { list, tools }] of lists) {
      const what = heading(list);
      const words = state.get(`${name}.find`);
      const key = (state.get(`${name}.sort`) || "").replace("-", "");
      const column = key && all("[data-sort]", list.firstElementChild).find((one) => one.dataset.sort === key);
      if (tools && words) told.push(`${what}: ${tools.querySelector(".found").textContent} with “${words}”`);
      if (tools && state.get(`${name}.turned`)) told.push(`${what}: other verdicts`);
      if (column) told.push(`${what}: sorted by ${column.textContent.trim()}`);
    }
    view.hidden = told.length === 0;
    view.firstElementChild.textContent = `Shown here: ${told.join("; ")}.`;
  };
  view?.querySelector("button").addEventListener("click", () => {
    [...state.keys()].forEach((name) => state.delete(name));
    show({ at: "answer", same: false }, false);
  });

  const show = ({ at: where, same }, focus) => {
    at = where;
    if (!same) {
      fields();
      quiet = true;
      const wanted = new Set((state.get("open") || "").split(" "));
      for (const row of all("details.row[id]")) row.open = wanted.has(row.id);
      setTimeout(() => { quiet = false; });
      for (const name of lists.keys()) { arranged(name); filtered(name); }
      layers();
      rest();
      if (picked) pick(state.get("link") || "");
    }
    if (view && !same) tell();
    arrive(where || (same ? "" : about()), focus);
    write();
  };
  for (const name of lists.keys()) { arranged(name); filtered(name); }
  addEventListener("hashchange", () => show(read(), true));
  if (location.hash) show(read(), false);
})();
