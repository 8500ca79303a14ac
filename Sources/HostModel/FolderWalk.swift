internal import Platform

/// The folders below a root that hold a web.config, as paths below it ("/", "/a/b"). Symbolic links are not followed.
struct FolderWalk {
    private var waiting: [String] = ["/"]
    private var seen = 0
    private let root: String
    private let deep: Bool
    private let limit: Int
    private(set) var isCut = false

    init(root: String, deep: Bool, limit: Int) {
        self.root = root
        self.deep = deep
        self.limit = limit
    }

    /// The next folder with a web.config. The root always comes first, whether it has one or not.
    mutating func next() -> String? {
        while let folder = waiting.popLast() {
            seen += 1
            guard seen <= limit else {
                isCut = true
                return nil
            }
            let path = folder == "/" ? root : root + folder
            if deep {
                for name in (try? Folder.subfolders(of: path)) ?? [] {
                    waiting.append(folder == "/" ? "/" + name : "\(folder)/\(name)")
                }
            }
            if folder == "/" { return folder }
            if (try? NameLookup.find("web.config", inFolder: path))??.spelling != nil { return folder }
        }
        return nil
    }
}
