/* Holds the table that `print.js` puts on the paper: on the screen nobody sees its hundreds of rows. */
export default function (component) {
  window.tomoniPaper = component.data.table;
  return () => { window.tomoniPaper = ""; };
}
