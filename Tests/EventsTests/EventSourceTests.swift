import Events
import Testing

@Suite struct EventSourceTests {
    private let started = Event(
        .aspNetCoreModule(1001, .information), "Site \"shop\"", "It listens.", [.init("pid", 4711)])

    @Test func inTextAnotherSourcesNumberStandsWithItsSource() {
        #expect(
            EventFormat.text.line(started, time: nil)
                == "information 1001 Site \"shop\": It listens. pid=4711 source=\"IIS AspNetCore Module V2\"")
    }

    @Test func inJSONTheSourceIsAMember() {
        #expect(
            EventFormat.json.line(started, time: nil)
                == #"{"level":"information","id":1001,"event":"backend-listening","source":"IIS AspNetCore Module V2","#
                + #""object":"Site \"shop\"","text":"It listens.","fields":{"pid":4711}}"#)
    }

    @Test func theSameNumberOfTwoSourcesIsNotTheSameKind() {
        #expect(EventKind.aspNetCoreModule(1001, .information).id == EventKind.serverStarted.id)
        #expect(EventKind.aspNetCoreModule(1001, .information) != .serverStarted)
    }

    @Test func noNumberOfTheModuleIsNamedAsOneOfTheServers() {
        let names = (1000...1036).map { EventKind.aspNetCoreModule(UInt16($0), .error).name }
        #expect(names.filter { $0 == EventKind.serverStarted.name || $0.isEmpty }.isEmpty)
        #expect(Set(names.filter { $0 != "module-event" }).count == names.filter { $0 != "module-event" }.count)
    }

    @Test func whatAProgramPrintedIsWholeWhereAProgramReads() {
        let output = String(repeating: "漢", count: 30_000)
        let event = Event(.aspNetCoreModule(1020, .error), output)
        #expect(EventFormat.json.line(event, time: nil, isWhole: true).contains("\"\(output)\""))
        #expect(EventFormat.json.line(event, time: nil).contains("\"\(output.prefix(4000))…\""))
        #expect(EventFormat.text.line(event, time: nil, isWhole: true).contains("\(output.prefix(4000))…"))
    }

    @Test func theServersOwnTextsAreCutEverywhere() {
        let event = Event(.serverStarted, String(repeating: "x", count: 5000))
        #expect(EventFormat.json.line(event, time: nil, isWhole: true).contains("x…"))
    }
}
