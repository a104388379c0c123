/* Streamlit gives the place for files the role "presentation", and a stop of the Tab key that such a role may not have. */
const PLACE = "[data-testid=stFileUploaderDropzone]";

export default function (component) {
  const { data } = component;
  const name = () => document.querySelectorAll(PLACE).forEach((place) => {
    if (place.getAttribute("role") === "group") return;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", data.label);
  });
  const observer = new MutationObserver(name);
  observer.observe(document.body, { childList: true, subtree: true });
  name();
  return () => observer.disconnect();
}
