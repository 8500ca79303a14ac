/// The HTML of a folder's listing.
///
/// It needs no scripts and loads nothing: columns are sorted by links. Light and dark follow the reader's system.
struct ListingPage {
    /// What the page may load and do, told to the browser: nothing of it could run even if a name were shown wrongly.
    static let policy: StaticString =
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'"

    /// The folder's URL path with a slash at its end.
    private let path: [UInt8]
    /// `path` as links have it.
    private let address: String
    private let columns: ListingColumns
    private let order: ListingOrder

    /// - Parameter path: cooked.
    init(_ path: [UInt8], _ columns: ListingColumns, _ order: ListingOrder) {
        self.path = path.last == 0x2F ? path : path + [0x2F]
        address = Self.link(self.path)
        self.columns = columns
        self.order = order
    }

    private var name: String { ListingText.name(path) }

    func beginning(_ listing: Listing) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Index of \(name)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        \(ListingIcon.definitions)
        \(trail)<main>
        <h1>Index of <bdi>\(name)</bdi></h1>
        \(summary(listing))\(listing.rows.isEmpty ? "" : heading)
        """
    }

    func row(_ row: ListingRow) -> String {
        let target = address + Self.link(row.name) + (row.isFolder ? "/" : "")
        var html =
            "<tr><th scope=\"row\"><a href=\"\(target)\">\(ListingIcon(row).html)"
            + "<bdi>\(shownName(row))</bdi></a></th>"
        if columns.showsChange {
            let date = ListingDate(seconds: row.modified)
            html +=
                row.kind == .mount
                ? "<td></td>"
                : "<td><time datetime=\"\(date.machineText(columns))\">\(date.text(columns))</time></td>"
        }
        if columns.contains(.size) {
            html +=
                row.isFolder
                ? "<td></td>" : "<td><data value=\"\(row.size)\">\(ListingText.size(row.size))</data></td>"
        }
        return html + "</tr>\n"
    }

    func end(_ listing: Listing) -> String {
        (listing.rows.isEmpty ? "" : "</tbody>\n</table>\n") + turning(listing, "Pages of this folder, at the end")
            + "</main>\n</body>\n</html>\n"
    }

    /// Without its extension where the configuration says so; a folder ends with a slash.
    private func shownName(_ row: ListingRow) -> String {
        guard !row.isFolder else { return ListingText.name(row.name) + "/" }
        guard !columns.contains(.fileExtension), let dot = row.name.lastIndex(of: 0x2E), dot > 0 else {
            return ListingText.name(row.name)
        }
        return ListingText.name(row.name[..<dot])
    }

    /// The way from the site's root to the folder's parent, each part a link.
    private var trail: String {
        let parts = path.split(separator: 0x2F)
        guard !parts.isEmpty else { return "" }
        var html = "<nav aria-label=\"Parent folders\"><ol>\n<li><a href=\"/\">Home</a></li>\n"
        var place: [UInt8] = [0x2F]
        for part in parts.dropLast() {
            place += part + [0x2F]
            html += "<li><a href=\"\(Self.link(place))\"><bdi>\(ListingText.name(part))</bdi></a></li>\n"
        }
        return html + "</ol></nav>\n"
    }

    private func summary(_ listing: Listing) -> String {
        var html = ""
        if listing.folders + listing.files == 0 {
            html += "<p class=\"note\">This folder holds nothing that can be shown.</p>\n"
        } else {
            let folders = listing.folders == 1 ? "1 folder" : "\(ListingText.count(listing.folders)) folders"
            let files = listing.files == 1 ? "1 file" : "\(ListingText.count(listing.files)) files"
            html += "<p class=\"note\">\(folders), \(files)</p>\n"
        }
        if !listing.isWhole {
            let count = ListingText.count(ListingTask.nameLimit)
            html +=
                "<p class=\"note cut\">The folder holds more than \(count) entries. Those behind the first \(count) "
                + "are not shown; they can be reached by their addresses.</p>\n"
        }
        if path.count > 1 {
            let end = path.dropLast().lastIndex(of: 0x2F) ?? 0
            let place = Array(path[...end])
            html += "<p class=\"up\"><a href=\"\(Self.link(place))\">Up to the parent folder</a></p>\n"
        }
        return html + turning(listing, "Pages of this folder")
    }

    private var heading: String {
        var html = "<table>\n<thead><tr>\(heading("Name", .name))"
        if columns.showsChange { html += heading("Changed (UTC)", .date) }
        if columns.contains(.size) { html += heading("Size", .size) }
        return html + "</tr></thead>\n<tbody>\n"
    }

    private func heading(_ text: String, _ key: ListingOrder.Key) -> String {
        let isSorted = order.key == key
        let next = ListingOrder(key, isDescending: isSorted && !order.isDescending)
        let state = isSorted ? " aria-sort=\"\(order.isDescending ? "descending" : "ascending")\"" : ""
        return "<th scope=\"col\"\(state)><a href=\"\(next.link)\">\(text)</a></th>"
    }

    /// Links to the neighbouring pages.
    private func turning(_ listing: Listing, _ label: String) -> String {
        guard listing.pages > 1 else { return "" }
        func link(_ text: String, _ page: Int) -> String {
            guard 1...listing.pages ~= page else { return "<span>\(text)</span>" }
            return
                "<a href=\"\(ListingOrder(order.key, isDescending: order.isDescending, page: page).link)\">\(text)</a>"
        }
        return "<nav class=\"pages\" aria-label=\"\(label)\">\(link("Previous", listing.page - 1)) "
            + "<b>Page \(listing.page) of \(listing.pages)</b> \(link("Next", listing.page + 1))</nav>\n"
    }

    /// For an attribute of HTML.
    private static func link(_ path: [UInt8]) -> String {
        String(decoding: PercentEncoding.encode(path: path), as: UTF8.self).replacing("&", with: "&amp;")
    }
}
