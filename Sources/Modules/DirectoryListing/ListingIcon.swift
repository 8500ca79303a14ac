import Pipeline

/// The pictures beside names. They tell nothing that the text does not, so they are hidden from screen readers.
enum ListingIcon: String, CaseIterable {
    case folder, mount, file, text, code, image, media, archive

    init(_ row: ListingRow) {
        switch row.kind {
        case .folder: self = .folder
        case .mount: self = .mount
        case .file:
            let end = row.name.lastIndex(of: 0x2E).map { row.name[($0 + 1)...] } ?? []
            self = Self.extensions[String(decoding: ASCII.lower(end), as: UTF8.self)] ?? .file
        }
    }

    /// The use of the picture that `definitions` holds.
    var html: String { "<svg class=\"\(rawValue)\" aria-hidden=\"true\"><use href=\"#\(rawValue)\"/></svg>" }

    /// Every picture once, drawn with the text's colour on 24 by 24 units.
    static let definitions: String =
        "<svg width=\"0\" height=\"0\" aria-hidden=\"true\">"
        + allCases.map { "<symbol id=\"\($0.rawValue)\" viewBox=\"0 0 24 24\"><path d=\"\($0.path)\"/></symbol>" }
        .joined()
        + "</svg>"

    private var path: String {
        let sheet = "M6 3h8l5 5v13H6zM14 3v5h5"
        let folder = "M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"
        return switch self {
        case .folder: folder
        case .mount: folder + "M9 13h6M12.5 10.5 15 13l-2.5 2.5"
        case .file: sheet
        case .text: sheet + "M9 13h7M9 17h5"
        case .code: sheet + "M10.5 12 8.5 14.5l2 2.5M14.5 12l2 2.5-2 2.5"
        case .image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01"
        case .media: sheet + "M10.5 11.5 15 14.5l-4.500 3z"
        case .archive: "M5 9h14v11H5zM4 4h16v5H4zM10 13h4"
        }
    }

    private static let extensions: [String: ListingIcon] = Dictionary(
        uniqueKeysWithValues: [
            (ListingIcon.text, "csv doc docx htm html log md odt pdf rtf txt xhtml"),
            (.code, "css js json map mjs py sh sql ts wasm xml yaml yml"),
            (.image, "avif bmp gif ico jpeg jpg png svg tif tiff webp"),
            (.media, "aac avi flac m4a m4v mkv mov mp3 mp4 mpeg oga ogg ogv opus wav webm"),
            (.archive, "7z br bz2 deb gz iso jar rar rpm tar tgz xz zip zst"),
        ].flatMap { icon, list in list.split(separator: " ").map { (String($0), icon) } })
}
