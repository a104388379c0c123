// Loads the page again when the session ends, so that the reader is led to the sign-in and back.
export default function (component) {
  const timer = setTimeout(() => location.reload(), component.data.seconds * 1000);
  return () => clearTimeout(timer);
}
