// Before anything is drawn: JavaScript is there, so what replaces it can be hidden without a jump.
document.documentElement.classList.add("js");
