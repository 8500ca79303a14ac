import Arguments

/// Sections of the configuration at a path.
extension Commands {
    static let sectionWord = Operand(
        .text("SECTION"),
        "For example system.webServer/defaultDocument, or its last word where no other section ends in it.")
    static let selector = Operand(
        .text("ATTRIBUTE"),
        "An attribute, element or item, for example enabled, files or files.[value='index.html'].", isRequired: false)
    static let selectors = Operand(
        selector.kind, named: selector.name,
        selector.summary + " Without any, all that the server's file says of the section there.", isRequired: false,
        repeats: true)
    static let valueOnly = Option("--value", "Prints values alone, one a line.")
    static let valuesJSON = Option(
        "--json",
        "Prints one JSON object: path, section, values, an array of name, value, file, line and location (the path of the "
            + "location it stands in; null where there is none). file and line are null for a default of the schema. Members "
            + "may be added later, none is taken away.")

    static let getConfiguration = Command(
        "get", "show what holds at a path, and which file and line says so",
        discussion: [
            "Shows the values of a section as they hold there: what the server's file, its locations and the web.config files "
                + "on the way say together, on top of the schema's defaults. Secrets are not shown."
        ],
        operands: [place, sectionWord, selector], options: [valueOnly, valuesJSON, configuration, state],
        examples: [
            .init("hostelry config get blog defaultDocument", "Shows the default documents of a site."),
            .init("hostelry config get blog/shop directoryBrowse enabled --value", "Prints true or false."),
        ], exitStatuses: answeredFromFile)

    private static let whereWritten =
        "It is written to the server's file, in a location of the path: a site's web.config files are not touched, "
        + "and where one of them says otherwise below, that is told."
    private static let asking =
        "At a terminal the change is shown as 'diff -u' shows it and asked about. Where nobody can be asked, it is made; "
        + "--dry-run shows it and makes nothing."

    static let setConfiguration = Command(
        "set", "change a section at a path", discussion: [whereWritten, asking, changingText],
        operands: [place, sectionWord, requiredSettings], options: [toWebConfig, yes] + changing,
        examples: [
            .init("hostelry config set blog directoryBrowse enabled=true", "Lets visitors look into folders."),
            .init(
                "hostelry config set / defaultDocument \"+files.[@start,value='home.html']\"",
                "Has every site look for home.html first."),
        ], exitStatuses: changed)

    static let unsetConfiguration = Command(
        "unset", "take back what is said of a section at a path",
        discussion: [
            "What is inherited holds again. An item that is inherited is taken away for the path.", whereWritten,
            asking,
            changingText,
        ],
        operands: [place, sectionWord, selectors], options: [toWebConfig, yes] + changing,
        examples: [.init("hostelry config unset blog directoryBrowse enabled", "Does as the server does, again.")],
        exitStatuses: changed)

    static let edit = Command(
        "edit", "edit the server's configuration or a site's web.config in an editor",
        discussion: [
            "Opens a copy of the configuration file in $VISUAL or $EDITOR, vi where neither is set. When the editor ends, the "
                + "whole configuration is checked. What has mistakes is not applied; at a terminal it can be edited again, and "
                + "else the text is kept and its place told. Then the change is shown, asked about, and made.",
            "With SITE it is the web.config of a site, application or folder, which is written as its pool's user or its "
                + "folder's owner when it has no new mistakes, and served at once: what the site's owner can do too.",
            changingText,
        ],
        operands: [editedPlace], options: [yes, comment, force, configuration, state], exitStatuses: changed)
}
