/* Follows the one link of "open-app" in the reader's stead. */
export default function () {
  document.querySelector(".st-key-open-app a")?.click();
}
