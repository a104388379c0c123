/* Follows the one link of "open-page" in the reader's stead. */
export default function () {
  document.querySelector(".st-key-open-page a")?.click();
}
