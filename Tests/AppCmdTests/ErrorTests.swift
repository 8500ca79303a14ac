import AppCmd
import Testing

/// Every row of the reference's §7.6, and bad input.
@Suite struct ErrorTests {
    private let instance = TestInstance()

    private func expect(_ answer: Answer, _ text: String, _ code: UInt32, _ at: SourceLocation = #_sourceLocation) {
        #expect(answer.text() == text, sourceLocation: at)
        #expect(answer.code == code, sourceLocation: at)
    }

    @Test func helpEndsWithOne() {
        #expect(instance.run("/?").code == 1)
        #expect(instance.run("site", "/?").code == 1)
        #expect(instance.run("list", "/?").code == 1)
        #expect(instance.run("list", "site", "/?").code == 1)
        #expect(instance.says("site", "/?").contains("  list        List virtual sites\n"))
        #expect(instance.says("add", "site", "-?").contains("/bindings:PROTOCOL/BINDING,..."))
    }

    @Test func everyVerbOfEveryObjectHasHelp() {
        for object in [
            "site", "app", "vdir", "apppool", "config", "wp", "request", "module", "backup", "trace", "binding",
        ] {
            for line in instance.says(object, "/?").split(separator: "\n") where line.hasPrefix("  ") {
                let verb = line.dropFirst(2).prefix { $0 != " " }
                let answer = instance.run(String(verb), object, "/?")
                #expect(answer.code == 1 && answer.lines.count > 2, "\(verb) \(object)")
            }
        }
    }

    @Test func noArgumentsShowTheUsage() {
        #expect(AppCmd.run([], instance).code == 87)
        #expect(AppCmd.run([], instance).lines.contains("General parameters:"))
        #expect(instance.run("list").code == 87)
    }

    @Test func aListThatFindsNothingIsEmpty() {
        expect(instance.run("list", "site", "Nosuch"), "", 1)
        expect(instance.run("list", "apppool", "/apppool.name:Nosuch"), "", 1)
        expect(instance.run("list", "backup"), "", 1)
        let instance = TestInstance()
        instance.running = .init(sites: [:], pools: [:], workers: [])
        instance.atWork = []
        expect(instance.run("list", "wp"), "", 1)
        expect(instance.run("list", "request"), "", 1)
    }

    @Test func anObjectThatIsNotThereIsTold() {
        expect(
            instance.run("set", "site", "X", "/id:3"),
            "ERROR ( message:Cannot find SITE object with identifier \"X\". )\n", 1168)
        expect(
            instance.run("delete", "apppool", "X"),
            "ERROR ( message:Cannot find APPPOOL object with identifier \"X\". )\n", 1168)
        expect(
            instance.run("add", "app", "/site.name:X", "/path:/a"),
            "ERROR ( message:Cannot find SITE object with identifier \"X\". )\n", 1168)
        expect(
            instance.run("set", "config", "X", "/section:defaultDocument", "/enabled:false"),
            "ERROR ( message:Cannot find SITE object with identifier \"X\". )\n", 1168)
    }

    @Test func noPathLeadsOutOfASite() {
        expect(
            instance.run("set", "config", "MySite/../other", "/section:defaultDocument", "/enabled:false"),
            "ERROR ( message:Cannot find CONFIG object with identifier \"MySite/../other\". )\n", 1168)
        #expect(instance.files.isEmpty)
    }

    @Test func aMissingIdentifierIsTold() {
        for verb in ["set", "delete", "start", "stop"] {
            expect(
                instance.run(verb, "site"), "ERROR ( message:Must specify the SITE object with identifier. )\n", 87)
        }
    }

    @Test func whatIsDeletedIsNamedExactly() {
        expect(
            instance.run("delete", "app", "Default Web Site"),
            "ERROR ( message:Must use exact identifer for APP object with verb DELETE. )\n", 87)
        expect(
            instance.run("delete", "vdir", "Default Web Site/app1"),
            "ERROR ( message:Must use exact identifer for VDIR object with verb DELETE. )\n", 87)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func unknownObjectsAndVerbsAreTold() {
        expect(
            instance.run("list", "foo"),
            "Object 'FOO' is not supported.  Run 'appcmd.exe /?' to display supported objects.\n", 87)
        expect(
            instance.run("restart", "site", "x"),
            "Command 'RESTART' is not supported on object 'SITE'. Run 'appcmd.exe SITE /?'\n"
                + "to display supported commands.\n", 87)
    }

    @Test func unknownAttributesAreTold() {
        let text = "ERROR ( message:Unknown attribute \"X\".  Replace with -? for help. )\n"
        expect(instance.run("set", "site", "MySite", "/X:1"), text, 87)
        expect(instance.run("list", "site", "/X:1"), text, 87)
        expect(instance.run("list", "site", "/text:X"), text, 87)
        expect(instance.run("add", "apppool", "/name:N", "/X:1"), text, 87)
        // What the running server knows can be read, not written.
        expect(
            instance.run("set", "site", "MySite", "/!state:Started"),
            "ERROR ( message:Unknown attribute \"state\".  Replace with -? for help. )\n", 87)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func unknownSectionsAreTold() {
        let text = "ERROR ( message:Unknown config section \"X\".  Replace with ? for help. )\n"
        expect(instance.run("list", "config", "/section:X"), text, 87)
        expect(instance.run("unlock", "config", "/section:X"), text, 87)
    }

    @Test func aParameterHasAPrefix() {
        expect(
            instance.run("list", "site", "MySite", "X"),
            "Failed to process input: The parameter 'X' must begin with a / or - (HRESULT=80070057).\n", 87)
        expect(
            instance.run("list", "site", "/text:name", "–xml"),
            "Failed to process input: The parameter '–xml' must begin with a / or - (HRESULT=80070057).\n", 87)
    }

    @Test func anObjectThatIsThereIsNotAddedAgain() {
        expect(
            instance.run("add", "site", "/name:mysite"),
            "ERROR ( message:Failed to add duplicate collection element \"mysite\". )\n", 183)
        expect(
            instance.run("add", "apppool", "/name:Plain"),
            "ERROR ( message:Failed to add duplicate collection element \"Plain\". )\n", 183)
        expect(
            instance.run("add", "app", "/site.name:Default Web Site", "/path:/APP1"),
            "ERROR ( message:Failed to add duplicate collection element \"/APP1\". )\n", 183)
        expect(
            instance.run("add", "vdir", "/app.name:Default Web Site/app1", "/path:/vdir1"),
            "ERROR ( message:Failed to add duplicate collection element \"/vdir1\". )\n", 183)
        expect(
            instance.run("add", "site", "/name:New", "/id:7"),
            "ERROR ( message:New site object missing required attributes. Cannot add duplicate collection entry of type "
                + "'site' with unique key attribute 'id' set to '7'. )\n", 183)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func anItemThatIsThereIsNotAddedAgain() {
        expect(
            instance.run("set", "config", "/section:applicationPools", "/+[name='Plain']"),
            "ERROR ( message:New add object missing required attributes. Cannot add duplicate collection entry of type "
                + "'add' with unique key attribute 'name' set to 'Plain'. )\n", 183)
        expect(
            instance.run("set", "config", "/section:defaultDocument", "/+files.[value='INDEX.htm']"),
            "ERROR ( message:New add object missing required attributes. Cannot add duplicate collection entry of type "
                + "'add' with unique key attribute 'value' set to 'INDEX.htm'. )\n", 183)
    }

    @Test func anItemThatIsNotThereCannotBeChanged() {
        let text = "ERROR ( message:Cannot find requested collection element. )\n"
        expect(instance.run("set", "config", "/section:applicationPools", "/[name='X'].queueLength:9"), text, 4312)
        expect(instance.run("set", "config", "/section:applicationPools", "/-[name='X']"), text, 4312)
        expect(instance.run("set", "config", "/section:defaultDocument", "/-files.[value='x']"), text, 4312)
    }

    @Test func aMalformedSelectorIsTold() {
        for word in ["/[name='x", "/+[name=x]", "/+files", "/-files", "/[name='x']y:1", "/+files.[@first,value='x']"] {
            let answer = instance.run("set", "config", "/section:defaultDocument", word)
            #expect(answer.code == 87, "\(word)")
            #expect(
                answer.lines.first?.hasPrefix("ERROR ( message:Malformed collection indexer format.") == true
                    || answer.lines.first?.hasPrefix("ERROR ( message:Unknown attribute") == true, "\(answer.lines)")
        }
    }

    @Test func aValueOutOfItsRangeIsTold() {
        expect(
            instance.run("set", "apppool", "Plain", "/queueLength:5"),
            "ERROR ( hresult:8007000d, message:Command execution failed.\n"
                + "The 'queueLength' attribute is invalid.  Integer value must be between 10 and 65535 inclusive\n )\n",
            13)
        expect(
            instance.run("set", "apppool", "Plain", "/managedPipelineMode:Fast"),
            "ERROR ( hresult:8007000d, message:Command execution failed.\n"
                + "The 'managedPipelineMode' attribute is invalid.  Enum must be one of Integrated, Classic\n )\n", 13)
        #expect(instance.run("add", "site", "/name:a/b").code == 13)
        #expect(instance.run("add", "site", "/name:n", "/bindings:http").code == 13)
        #expect(instance.run("add", "app", "/site.name:MySite", "/path:x").code == 13)
        #expect(instance.run("set", "site", "MySite", "/serverAutoStart").code == 87)
        #expect(instance.run("set", "site", "MySite", "/name:Default Web Site").code == 183)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func aBrokenFileIsTold() {
        let instance = TestInstance("<configuration><sites></configuration>")
        let answer = instance.run("list", "site")
        #expect(answer.lines.count == 5)
        #expect(answer.lines[0] == "ERROR ( message:Configuration error")
        #expect(answer.lines[1] == "Filename: \(TestInstance.path)")
        #expect(answer.lines[2] == "Line Number: 1")
        #expect(answer.lines[3].hasPrefix("Description: Configuration file is not well-formed XML"))
        #expect(answer.lines[4] == ". )")
        #expect(answer.code == 13)
    }

    @Test func whatIsStartedOrStoppedAlreadyIsTold() {
        let instance = TestInstance()
        instance.running = TestInstance.started
        expect(
            instance.run("start", "site", "default web site"),
            "ERROR ( message:The object \"Default Web Site\" is already started. )\n", 1056)
        expect(
            instance.run("stop", "apppool", "Plain"), "ERROR ( message:The object \"Plain\" is already stopped. )\n",
            1062)
        #expect(instance.orders.isEmpty)
    }

    @Test(arguments: [
        ["start", "site", "MySite"], ["recycle", "apppool", "Plain"], ["list", "wp"], ["list", "request"],
    ])
    func withoutAServerNothingIsStartedOrAtWork(_ words: [String]) {
        expect(
            AppCmd.run(words, instance),
            "ERROR ( message:The WAS service is not available - try starting the service first. )\n", 1062)
    }

    @Test(arguments: ["wp", "request", "site"]) func aServerThatAnswersNothingIsToldWhereItAloneKnows(_ object: String)
    {
        let instance = TestInstance()
        instance.silence = InstanceFailure(.failed, "the server does not answer within 1 s")
        let answer = instance.run("list", object)
        if object == "site" {
            #expect(answer.lines.last == "SITE \"MySite\" (id:7,bindings:,state:Unknown)")
        } else {
            expect(answer, "ERROR ( message:the server does not answer within 1 s )\n", 31)
        }
    }

    /// The kinds of a refused write, and the codes that scripts look at.
    @Test(
        arguments: zip(
            [InstanceFailure.Kind.conflict, .denied, .uncertain, .written, .failed, .exists, .missing],
            [33, 5, 31, 31, 31, 183, 1168] as [UInt32]))
    func aRefusedWriteEndsWithItsCode(_ kind: InstanceFailure.Kind, _ code: UInt32) {
        let instance = TestInstance()
        instance.refusals = Array(repeating: InstanceFailure(kind, "It is so."), count: 100)
        expect(instance.run("set", "site", "MySite", "/id:8"), "ERROR ( message:It is so. )\n", code)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func aCommandThatIsOvertakenBeginsAnew() {
        let instance = TestInstance()
        instance.refusals = Array(repeating: InstanceFailure(.conflict, "It was changed."), count: 3)
        instance.piped = "<appcmd><SITE SITE.NAME=\"MySite\" /></appcmd>"
        expect(instance.run("set", "site", "/in", "/id:8"), "SITE object \"MySite\" changed\n", 0)
        #expect(instance.says("list", "site", "MySite", "/text:id") == "8\n")
        #expect(instance.inputs == 1)
    }

    @Test func whatIsNotThereYetIsTold() {
        let text = "ERROR ( hresult:80004001, message:Command execution failed.\nNot implemented\n )\n"
        expect(instance.run("list", "trace"), text, 0x8000_4001)
        expect(instance.run("configure", "trace", "MySite/", "/enable"), text, 0x8000_4001)
        expect(instance.run("inspect", "trace", "MySite/fr000001.xml"), text, 0x8000_4001)
        expect(
            instance.run("set", "config", "MySite", "/section:defaultDocument", "/enabled:true", "/commit:machine"),
            text, 0x8000_4001)
        expect(
            instance.run("set", "config", "MySite", "/section:defaultDocument", "/enabled:true", "/commit:webroot"),
            text, 0x8000_4001)
    }

    @Test func theExitStatusIsTheLowByteOrWhereThatIsZero255() {
        #expect(Answer([], code: 0).exitStatus == 0)
        #expect(Answer([], code: 183).exitStatus == 183)
        #expect(Answer([], code: 1168).exitStatus == 0x90)
        #expect(Answer([], code: 4312).exitStatus == 0xD8)
        #expect(Answer([], code: 0x8007_0000 + 256).exitStatus == 255)
    }

    @Test func debugShowsTheWholeCode() {
        #expect(instance.run("delete", "site", "X", "/debug").lines.last == "Exit code: 1168 (0x490)")
        #expect(instance.run("list", "site", "/debug").lines.last == "Exit code: 0 (0x0)")
    }

    @Test(arguments: [
        "<appcmd><SITE SITE.NAME=\"x\"", "", "<appcmd><THING/></appcmd>", "<other/>", "no XML at all",
        "<appcmd><SITE SITE.NAME=\"New\"><site name=\"New\" id=\"9\" nonsense=\"1\"/></SITE></appcmd>",
        "<appcmd><SITE SITE.NAME=\"New\"><site name=\"New\" id=\"9\"><thing/></site></SITE></appcmd>",
        "<appcmd><SITE SITE.NAME=\"New\"><add name=\"New\"/></SITE></appcmd>",
    ])
    func inputThatIsNoneIsRefusedAsAWhole(_ text: String) {
        let instance = TestInstance()
        instance.piped = text
        let answer = instance.run("add", "site", "/in")
        #expect(answer.code == 13)
        #expect(answer.lines.first == "ERROR ( hresult:8007000d, message:Command execution failed.")
        #expect(answer.lines.dropFirst().first?.hasPrefix("The data is invalid.") == true)
        #expect(instance.text == TestInstance.usual)
    }
}
