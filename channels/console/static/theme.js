// Runs before anything is drawn: the colours somebody chose (light, dark), or those of their system.
document.documentElement.dataset.theme = localStorage.getItem("naru-theme") ?? "";
