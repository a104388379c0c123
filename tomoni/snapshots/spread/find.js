"use strict";
// Finds what contains all words of a query: first by their letters in the index, then in the words themselves. Only
// the parts that a query needs are loaded, as scripts, for a page of a file may read nothing else.
(() => {
  const book = window.tomoniSearch;
  const { words, entries, shards, chunk } = book;
  const PAGE = 20;
  const SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const parts = new Map();
  const arrived = new Map();
  book.take = (name, data) => arrived.set(name, data);

  const load = (name) => {
    if (!parts.has(name)) {
      parts.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onload = () => resolve(arrived.get(name));
        script.onerror = () => { parts.delete(name); reject(new Error(name)); };
        document.head.append(script);
      }));
    }
    return parts.get(name);
  };

  const fold = (text) => text.normalize("NFKC").toUpperCase().toLowerCase().replace(/ς/g, "σ").normalize("NFKC")
    .split(/\s+/u).filter(Boolean).join(" ");
  const titles = [];
  const titleOf = (number) => titles[number] ??= fold(entries[number][1]);
  const shardOf = (gram) => {
    let number = 0;
    for (const letter of gram) number = (number * 31 + letter.codePointAt(0)) % 65521;
    return number % shards;
  };
  const gramsOf = (word) => {
    const letters = [...word];
    const size = Math.min(3, letters.length);
    return [...new Set(letters.slice(0, letters.length - size + 1).map((_, at) => letters.slice(at, at + size).join("")))];
  };
  const unpacked = (text) => {
    const out = [];
    let place = -1;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === ",") {
        const end = text.indexOf(",", at + 1);
        place += Number(text.slice(at + 1, end));
        at = end;
      } else place += SIGNS.indexOf(text[at]);
      out.push(place);
    }
    return out;
  };

  const placesOf = async (gram) => {
    const part = await load(`g${shardOf(gram)}`);
    return Object.hasOwn(part, gram) ? unpacked(part[gram]) : [];
  };
  const candidates = async (typed) => {
    const lists = await Promise.all(typed.flatMap(gramsOf).map(placesOf));
    lists.sort((a, b) => a.length - b.length);
    return lists.reduce((left, list) => { const has = new Set(list); return left.filter((each) => has.has(each)); });
  };
  const contains = async (number, typed) => {
    const texts = await load(`t${Math.floor(number / chunk)}`);
    return typed.every((word) => texts[number % chunk].includes(word));
  };

  const place = document.getElementById("search-part");
  place.replaceChildren(...place.querySelectorAll("h1"));
  const box = document.createElement("input");
  Object.assign(box, { type: "search", id: "query", placeholder: words.search, autocomplete: "off", spellcheck: false });
  box.setAttribute("aria-label", words.search);
  const status = document.createElement("p");
  status.className = "quiet";
  status.setAttribute("role", "status");
  const list = document.createElement("ul");
  list.className = "found";
  const more = document.createElement("button");
  more.textContent = words.more;
  more.hidden = true;
  place.append(box, status, list, more);

  const row = ([kind, title, about, link]) => {
    const item = document.createElement("li");
    const name = document.createElement("a");
    name.href = link;
    name.textContent = title;
    const said = document.createElement("span");
    said.className = "quiet";
    said.textContent = ` ${kind} · ${about}`;
    item.append(name, said);
    return item;
  };

  let asked = 0;
  let rest = [];
  let typed = [];
  // Shows the next ones that truly contain the words; a newer query takes the place of one under way.
  const show = async (mine) => {
    let shown = 0;
    while (rest.length && shown < PAGE) {
      const number = rest.shift();
      if (!await contains(number, typed)) continue;
      if (mine !== asked) return;
      list.append(row(entries[number]));
      shown++;
    }
    if (mine !== asked) return;
    more.hidden = !rest.length;
    const n = list.children.length;
    status.textContent = n ? (more.hidden ? words.all : words.first).replace("%n", n) : words.none;
    if (n && book.left) status.textContent += ` ${words.left.replace("%n", book.left)}`;
    document.documentElement.dataset.searched = box.value;
  };
  const search = async () => {
    const mine = ++asked;
    const query = fold(box.value);
    const all = [...new Set(query.split(" "))].filter(Boolean);
    typed = all.filter((word) => [...word].length > 1 || word.codePointAt(0) >= 128);
    rest = [];
    list.replaceChildren();
    more.hidden = true;
    try { history.replaceState(null, "", query ? `#q=${encodeURIComponent(box.value)}` : "#"); } catch { /* of a file */ }
    status.textContent = typed.length < all.length ? words.short : query ? "" : words.hint;
    if (!typed.length) { document.documentElement.dataset.searched = box.value; return; }
    try {
      const found = await candidates(typed);
      if (mine !== asked) return;
      const inTitle = new Set(found.filter((number) => typed.every((word) => titleOf(number).includes(word))));
      rest = [...inTitle, ...found.filter((number) => !inTitle.has(number))];
      await show(mine);
    } catch (error) {
      if (mine === asked) status.textContent = words.broken.replace("%s", error.message);
    }
  };

  box.addEventListener("input", search);
  more.addEventListener("click", async () => {
    const next = list.children.length;
    await show(asked);
    list.children[next]?.querySelector("a").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); }
    else if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
    else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (links[at - 1] ?? box).focus(); }
    else if (event.key === "Escape" && at >= 0) box.focus();
    else if (event.key === "Enter" && document.activeElement === box) links[0]?.click();
  });
  const wanted = new URLSearchParams(location.hash.slice(1)).get("q");
  if (wanted) box.value = wanted;
  box.focus();
  search();
})();
