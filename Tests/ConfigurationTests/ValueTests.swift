import Configuration
import Testing

@Suite struct ValueTests {
    private func attribute(_ section: String, _ path: [String], _ name: String) throws -> AttributeSchema {
        var element = try #require(Schema.builtIn.section(section))
        for step in path { element = try #require(element.element(step) ?? element.collection?.item(step)) }
        return try #require(element.attribute(name))
    }

    private func refusal(_ attribute: AttributeSchema, _ text: String) -> String? {
        if case .failure(let refusal) = attribute.parse(text) { return refusal.reason }
        return nil
    }

    @Test func timeSpansAreDaysHoursMinutesSeconds() throws {
        let time = try attribute(
            "system.applicationHost/applicationPools", ["add", "recycling", "periodicRestart"], "time")
        #expect(time.parse("1.05:00:00") == .success(.timeSpan(.seconds(29 * 3600))))
        #expect(time.parse("00:00:00") == .success(.timeSpan(.zero)))
        #expect(time.text(of: .timeSpan(.seconds(29 * 3600))) == "1.05:00:00")
        #expect(time.parse("29:00:00") == .success(.timeSpan(.seconds(29 * 3600))))
        #expect(refusal(time, "soon") == "Not a valid timespan")
    }

    @Test func aTimeSpanOutsideItsRangeOrGranularityIsRefusedWithBoth() throws {
        let idle = try attribute("system.applicationHost/applicationPools", ["add", "processModel"], "idleTimeout")
        let text =
            "Timespan value must be between 00:00:00 and 30.00:00:00 seconds inclusive, with a granularity of 60 seconds"
        #expect(refusal(idle, "00:00:30") == text)
        #expect(refusal(idle, "31.00:00:00") == text)
        #expect(refusal(idle, "30.00:00:00") == nil)
    }

    @Test func integersKnowTheirRanges() throws {
        let status = try attribute("system.webServer/httpErrors", ["error"], "statusCode")
        #expect(refusal(status, "200") == "Integer value must be between 400 and 999 inclusive")
        #expect(refusal(status, "-1") == "Not a valid unsigned integer")
        let bandwidth = try attribute("system.applicationHost/sites", ["site", "limits"], "maxBandwidth")
        #expect(refusal(bandwidth, "512") == "Integer value must not be between 0 and 1023 inclusive")
        #expect(refusal(bandwidth, "1024") == nil)
        #expect(refusal(bandwidth, "0x400") == nil)
        #expect(refusal(bandwidth, "0x-5") == "Not a valid unsigned integer")
        #expect(refusal(bandwidth, "4294967296") == "Not a valid unsigned integer")
    }

    @Test func enumsAndFlagsIgnoreCaseAndNameTheirMembers() throws {
        let mode = try attribute("system.applicationHost/applicationPools", ["add"], "managedPipelineMode")
        #expect(mode.parse("classic") == .success(.member(1)))
        #expect(refusal(mode, "Modern") == "Enum must be one of Integrated, Classic")
        let flags = try attribute("system.webServer/directoryBrowse", [], "showFlags")
        #expect(flags.parse("size,DATE") == .success(.flags(10)))
        #expect(flags.text(of: .flags(10)) == "Date, Size")
        #expect(flags.parse("") == .success(.flags(0)))
        #expect(refusal(flags, "Date, Colour")?.hasPrefix("Flags must be some combination of") == true)
    }

    @Test(arguments: [
        ("Default Web Site", true), ("a/b", false), ("what?", false), ("", false),
    ])
    func siteNamesAreValidated(_ name: String, _ valid: Bool) throws {
        let site = try attribute("system.applicationHost/sites", ["site"], "name")
        #expect((refusal(site, name) == nil) == valid)
    }

    @Test(arguments: [
        ("/", true), ("/shop", true), ("/a/b", true), ("shop", false), ("/shop/", false), ("/a/../b", false),
        ("", false),
    ])
    func applicationPathsAreValidated(_ path: String, _ valid: Bool) throws {
        let application = try attribute("system.applicationHost/sites", ["site", "application"], "path")
        #expect((refusal(application, path) == nil) == valid)
        #expect(valid || refusal(application, path) == "Invalid application path")
    }
}
