// What the pages gain from scripts. Each of them works without: lists are forms, links are links.
"use strict";

(() => {
  const desktop = matchMedia("(min-width: 62rem)");
  const announcement = () => document.getElementById("announcement");

  function announce(text) {
    const place = announcement();
    if (place) place.textContent = text;
  }

  function later(delay, work) {
    let waiting;
    const run = (...given) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => work(...given), delay);
    };
    run.cancel = () => clearTimeout(waiting);
    return run;
  }

  // ── Lists: a choice is submitted at once beside the results; in the phone's panel it waits for the button ──

  // What the controls of a list say, as pairs; empty ones stay out of the address.
  const saidBy = (form) => [...new FormData(form)].filter(([, value]) => value !== "");
  // What an answer would replace of it: the box of words stays.
  const choicesOf = (form) => saidBy(form).filter(([name]) => name !== "q");
  const stateOf = (form) => String(choicesOf(form).sort());

  // The parts of an address keep one order, so that one state has one address.
  function addressOf(form, pairs = saidBy(form)) {
    const query = new URLSearchParams([...pairs].sort()).toString();
    return form.getAttribute("action") + (query ? `?${query}` : "");
  }

  // A chip or another link of the list takes something away or adds something: the controls say so at once, beside what
  // was changed since they were shown. "Clear all" leaves nothing. A page is one of the list as it was shown.
  function addressBehind(form, link, clears) {
    const { search } = new URL(link, location.href);
    const [before, after] = [location.search, search].map((query) => [...new URLSearchParams(query)]);
    const has = (pairs, name, value) => pairs.some((pair) => pair[0] === name && pair[1] === value);
    const unchanged = stateOf(form) === form.dataset.shown;
    for (const control of [...form.elements].filter(({ name }) => name && name !== "q")) {
      if (!clears && (!has(before, control.name, control.value) || has(after, control.name, control.value))) continue;
      if (control.type === "checkbox") control.checked = false;
      else if (control.type === "hidden") control.remove();
      else control.value = "";
    }
    for (const [name, value] of after) {
      if (["page", "q"].includes(name) || has(before, name, value)) continue;
      const control = [...form.elements].find((one) => one.name === name && one.value === value);
      if (control) control.checked = true;
      else form.querySelector("#results").append(hidden(name, value));
    }
    const beside = after.filter(([name]) => name === "q" || (name === "page" && unchanged));
    return addressOf(form, [...choicesOf(form), ...beside]);
  }

  const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });

  const submitLater = later(300, (form) => form.requestSubmit());

  // The panel stays open while one chooses: only the number on its button follows.
  let counting;
  const countLater = later(300, async (form) => {
    counting?.abort();
    counting = new AbortController();
    try {
      const answer = await fetch(addressOf(form), { headers: { "HX-Request": "true" }, signal: counting.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [before, after] = [form, page].map((root) => root.querySelector(".facets__apply .btn"));
      if (answer.ok && before && after) before.textContent = after.textContent;
    } catch (problem) {
      if (problem.name !== "AbortError") throw problem;
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-hx-get]")) return;
    if (event.target.matches("[data-submits]")) form.requestSubmit();
    else if (event.target.closest(".facets")) (desktop.matches ? submitLater : countLater)(form);
  });

  document.addEventListener("submit", () => submitLater.cancel(), true);

  // One request at a time, the latest (hx-sync); each asks for all that the controls say.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, verb, target, parameters } = event.detail;
    const form = elt.closest("form");
    if (verb !== "get" || target.id !== "results" || !form) return;
    submitLater.cancel();
    const words = form.elements.q?.value ?? "";
    if (elt === form || words === wordsInAddress()) form.dataset.words = words;
    else delete form.dataset.words; // typed and not sought yet
    event.detail.path = elt === form ? addressOf(form) : addressBehind(form, event.detail.path, elt.matches("[data-clears]"));
    for (const name of [...parameters.keys()]) parameters.delete(name);
    form.dataset.asked = stateOf(form);
  });

  // A request that a later one takes the place of (hx-sync) is no error to report.
  let latest;
  document.addEventListener("htmx:beforeSend", ({ detail }) => (latest = detail));
  document.addEventListener("htmx:confirm", ({ detail }) => {
    if (latest?.target === detail.target) latest.error = "";
  });

  const wordsInAddress = () => new URLSearchParams(location.search).get("q") ?? "";

  // What was changed since the answer was asked for is not replaced: it is asked for next, or by the panel's button.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    const form = target.id === "results" && target.closest("form");
    if (form && stateOf(form) !== form.dataset.asked) event.detail.shouldSwap = false;
  });

  // What the visitor has opened, scrolled or typed in the filters survives the change of results.
  let kept = {};
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "results") return;
    kept = { open: {}, scrolled: {}, typed: {} };
    for (const facet of document.querySelectorAll("details.facet[id]")) kept.open[facet.id] = facet.open;
    for (const options of document.querySelectorAll(".facet__scroll[id]")) kept.scrolled[options.id] = options.scrollTop;
    for (const box of document.querySelectorAll("input[data-filters]")) kept.typed[box.id] = box.value;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "results") return;
    prepare(document);
    for (const [id, open] of Object.entries(kept.open ?? {})) document.getElementById(id)?.toggleAttribute("open", open);
    for (const [id, text] of Object.entries(kept.typed ?? {})) {
      const box = document.getElementById(id);
      if (box && text) {
        box.value = text;
        narrow(box);
      }
    }
    for (const [id, top] of Object.entries(kept.scrolled ?? {})) {
      const options = document.getElementById(id);
      if (options) options.scrollTop = top;
    }
    const heading = document.querySelector("#results h1");
    if (heading) announce(heading.textContent);
    // A chip or a page link that was followed is gone: go on from the heading, not from the top of the page.
    if (heading && document.activeElement === document.body) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    const form = document.getElementById("results").closest("form");
    const box = form?.elements.q;
    if (box && box !== document.activeElement && box.value === form.dataset.words) box.value = wordsInAddress();
  });

  // What the server could not answer as a part is asked for as a page, which says what is wrong.
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  }

  // ── Long lists of options can be narrowed by typing ──

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function narrow(box) {
    const sought = plain(box.value.trim());
    let parent = null;
    for (const row of document.getElementById(box.dataset.filters)?.children ?? []) {
      const found = plain(row.textContent).includes(sought);
      if (!row.classList.contains("is-sub")) parent = row;
      row.hidden = !found && !row.querySelector(":checked");
      if (found && parent !== row && parent) parent.hidden = false;
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("input[data-filters]")) narrow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[data-filters]")) event.preventDefault();
  });

  // ── Copying ──

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-url]");
    if (!button) return;
    const text = button.dataset.copy ?? new URL(button.dataset.copyUrl, location.href).href;
    await navigator.clipboard.writeText(text);
    announce("");
    setTimeout(() => announce(button.dataset.copied), 50);
    const word = button.querySelector("span");
    if (word) {
      const before = word.textContent;
      word.textContent = button.dataset.copied;
      setTimeout(() => (word.textContent = before), 2500);
    } else {
      button.classList.add("is-done");
      setTimeout(() => button.classList.remove("is-done"), 2500);
    }
  });

  // ── Suggestions while one types: the ARIA 1.2 combobox with a list ──

  function combobox(field) {
    const box = field.querySelector("input");
    const list = document.createElement("div");
    list.id = `${box.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.querySelector("label")?.textContent ?? "");
    list.hidden = true;
    field.append(list);
    const attributes = { role: "combobox", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries({ ...attributes, "aria-autocomplete": "list" })) box.setAttribute(name, value);

    let asking;
    let chosen = -1;
    const options = () => [...list.querySelectorAll("[role=option]")];

    function close() {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }

    function choose(index) {
      const all = options();
      chosen = (index + all.length) % all.length;
      all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
      box.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }

    function show(groups) {
      list.replaceChildren();
      let count = 0;
      for (const { label, items } of groups) {
        if (!items.length) continue;
        const group = document.createElement("div");
        group.setAttribute("role", "group");
        group.setAttribute("aria-label", label);
        const name = document.createElement("span");
        name.textContent = label;
        name.setAttribute("aria-hidden", "true");
        group.append(name);
        for (const item of items) {
          const option = document.createElement("div");
          option.id = `${list.id}-${count++}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = item.url;
          option.textContent = item.label;
          if (item.detail) {
            const detail = document.createElement("small");
            detail.textContent = item.detail;
            option.append(" ", detail);
          }
          group.append(option);
        }
        list.append(group);
      }
      chosen = -1;
      box.removeAttribute("aria-activedescendant");
      list.hidden = !count;
      box.setAttribute("aria-expanded", String(count > 0));
    }

    const ask = later(120, async () => {
      asking?.abort();
      const sought = box.value.trim();
      if (sought.length < 2) return close();
      asking = new AbortController();
      try {
        const places = (box.form ? choicesOf(box.form) : []).filter(([name]) => ["region", "department"].includes(name));
        const address = `${field.dataset.suggestUrl}?${new URLSearchParams([["q", sought], ...places])}`;
        const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
        if (answer.ok && document.activeElement === box) show((await answer.json()).groups);
      } catch (problem) {
        if (problem.name !== "AbortError") close();
      }
    });

    box.addEventListener("input", ask);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
        event.preventDefault();
        choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
      } else if (event.key === "Enter") {
        ask.cancel();
        asking?.abort();
        const option = options()[chosen];
        if (option && !list.hidden) {
          event.preventDefault();
          location.assign(option.dataset.url);
        }
        close();
      }
    });
    box.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
  }

  // ── The key "/" leads to the search: that of the whole site, or where there is no room for its box, that of the page ──

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = [...document.querySelectorAll("input[type=search]")].find((one) => one.checkVisibility());
    const way = document.querySelector(".site-search__way");
    if (!box && !way) return;
    event.preventDefault();
    if (box) box.focus();
    else way.click();
  });

  // ── Controls that only make sense with scripts show themselves ──

  function prepare(root) {
    for (const form of root.querySelectorAll("form[data-hx-get]")) form.dataset.shown = stateOf(form);
    for (const control of root.querySelectorAll("[data-copy], [data-copy-url], input[data-filters]")) control.hidden = false;
    for (const field of root.querySelectorAll("[data-suggest-url]:not([data-ready])")) {
      field.dataset.ready = "";
      combobox(field);
    }
  }

  prepare(document);
})();
