/* Remembers in this tab alone that it leads a review, and asks to lead it again after a reload. */
export default function (component) {
  const { meeting, mine, leading } = component.data;
  const name = `tomoni-lead-${meeting}`;
  if (mine) {
    window.sessionStorage.setItem(name, mine);
    return;
  }
  const kept = window.sessionStorage.getItem(name);
  if (!kept) return;
  if (kept === leading) component.setTriggerValue("again", kept);
  else window.sessionStorage.removeItem(name);
}
