/* Follows the theme while a page is open: popovers at once, figures by drawing the page again in its colours. Paper, which
   is light, has its own colours by style: nothing is drawn again for it, so that it is not printed halfway. */
export default function (component) {
  const { data, setTriggerValue } = component;
  document.documentElement.lang = data.language;
  const skip = document.querySelector("[data-testid=stSkipToContent]");
  if (skip && skip.textContent !== data.skip) skip.textContent = data.skip;
  const app = document.querySelector("[data-testid=stApp]");
  let last = data.theme;
  const follow = () => {
    if (matchMedia("print").matches) return;
    const theme = getComputedStyle(app).colorScheme;
    if (theme !== "light" && theme !== "dark") return;
    document.documentElement.style.colorScheme = theme;
    if (theme === last) return;
    last = theme;
    setTriggerValue("changed", theme);
  };
  const observer = new MutationObserver(follow);
  observer.observe(app, { attributes: true, attributeFilter: ["class"] });
  follow();
  return () => observer.disconnect();
}
