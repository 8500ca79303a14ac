import Events

extension Explanation {
    /// For people: a block for each thing, what decides first.
    public var text: String {
        var output = "\(LineText.printable("\(verb) \(url)"))\n\n"
        var lines = Lines()
        let status = answer.status.map { "\($0).\(answer.subStatus)  " } ?? ""
        lines.add("Answer", status + answer.text)
        if !answer.detail.isEmpty { lines.add("", answer.detail) }
        if !answer.module.isEmpty {
            lines.add("", "by \(answer.module)" + (answer.stage.isEmpty ? "" : " at \(answer.stage)"))
        }
        for entry in answer.entries {
            lines.add("", "because of \(entry.name)  \(entry.sources.joined(separator: ", "))")
        }
        for section in answer.decidedBy {
            lines.add(
                "",
                "section \(section.name): "
                    + (section.sources.isEmpty ? "as the schema has it" : section.sources.joined(separator: ", ")))
        }
        lines.add("Site", site)
        lines.add("Binding", binding)
        lines.add("Application", application)
        lines.add("Pool", pool)
        lines.add("Directory", virtualDirectory)
        if let physicalPath { lines.add("Path", physicalPath) }
        lines.add("Files", files)
        for (index, handler) in handlers.enumerated() { lines.add(index == 0 ? "Handler" : "", handler) }
        for (index, handler) in passedOver.enumerated() { lines.add(index == 0 ? "Passed over" : "", handler) }
        for (index, module) in modules.enumerated() {
            let outcome = module.outcome == "continue" ? "" : "\(module.outcome)  "
            let path = module.path.isEmpty ? "" : "for \(module.path)  "
            let stage = module.stage + String(repeating: " ", count: max(1, 24 - module.stage.count))
            lines.add(index == 0 ? "Modules" : "", "\(stage)\(module.name)  \(outcome)\(path)\(module.source)")
        }
        lines.add("Warnings", warnings)
        output += lines.text
        return output
    }

    private struct Lines {
        private(set) var text = ""

        mutating func add(_ title: String, _ value: String) {
            text += title + String(repeating: " ", count: 14 - title.count) + LineText.printable(value) + "\n"
        }

        mutating func add(_ title: String, _ item: Item?) {
            guard let item else { return }
            add(title, ([item.name, item.detail].filter { !$0.isEmpty } + item.sources).joined(separator: "  "))
        }

        mutating func add(_ title: String, _ values: [String]) {
            for (index, value) in values.enumerated() { add(index == 0 ? title : "", value) }
        }
    }
}
