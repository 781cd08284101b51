// A personal link carries its code behind "#", which browsers keep to themselves: no log on the way can hold it.
// Without JavaScript the code is typed instead.
const code = decodeURIComponent(window.location.hash.slice(1));
if (code) {
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("code").value = code;
  document.getElementById("enter").submit();
}
