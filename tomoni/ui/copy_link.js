/* Puts the address of this view into the clipboard; where that is not allowed, selects it for Ctrl+C. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.position = "fixed";
    field.style.opacity = "0";
    document.body.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    const url = new URL(window.location.href);
    const own = url.searchParams, kept = new URLSearchParams(data.query);
    for (const name of data.own) own.has(name) ? kept.set(name, own.get(name)) : kept.delete(name);
    url.search = kept;
    url.hash = "";
    if (await copied(url.href)) {
      button.textContent = data.done;
    } else {
      window.prompt(data.by_hand, url.href);
    }
    button.dataset.link = url.href;
    setTimeout(() => { button.textContent = data.label; }, 2000);
  };
}
