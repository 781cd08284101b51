// A personal link carries its code behind "#", which browsers keep to themselves: no log on the way can hold it.
// Without JavaScript the code is typed instead.
function follow() {
  const fragment = window.location.hash.slice(1);
  if (!fragment || document.getElementById(fragment)) return; // none, or a link of the page's own
  let code = fragment;
  try {
    code = decodeURIComponent(fragment);
  } catch {
    // Not well encoded: it is sent as it stands, and the page says what a code looks like.
  }
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("code").value = code;
  document.getElementById("enter").submit();
}

window.addEventListener("hashchange", follow); // a second link, opened where this page is open already
follow();
