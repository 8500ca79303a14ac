// Links between the demonstration sites: whatever port the visitor used, a link leads to the same instance. Without
// this script they lead to the ports that applicationHost.config names.
const root = document.documentElement;
const offset = Number(root.dataset.portOffset ?? 0);
const port = Number(location.port || (location.protocol === "https:" ? 443 : 80)) - offset;

for (const link of document.querySelectorAll("a[data-host]")) {
    const target = new URL(link.href);
    const local = link.dataset.host === "localhost" && !location.hostname.endsWith(".localhost");
    target.hostname = local ? location.hostname : link.dataset.host;
    target.port = port + Number(link.dataset.portOffset ?? 0);
    link.href = target;
}
for (const place of document.querySelectorAll("[data-show=host]")) {
    place.textContent = location.host;
}
