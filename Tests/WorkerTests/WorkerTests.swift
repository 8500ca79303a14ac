import PipelineTesting
import Testing
import Wire

struct WorkerTests {
    let driver: WorkerDriver

    init() throws {
        driver = try WorkerDriver()
        try driver.folder.write("www/a.txt", "content")
    }

    @Test
    func aConfiguredWorkerSaysReadyAndServesOverItsLink() throws {
        try driver.configure()
        #expect(driver.wait { driver.messages.contains(.ready) })
        let link = try driver.link()
        link.send(TestRequest("/a.txt"), stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        #expect(link[1].status == 200)
        #expect(link[1].text == "content")
    }

    @Test
    func manyRequestsShareALink() throws {
        try driver.configure()
        for number in 1...200 { try driver.folder.write("www/\(number).txt", "content \(number)") }
        let link = try driver.link()
        for number in 1...200 { link.send(TestRequest("/\(number).txt"), stream: UInt32(number)) }
        #expect(driver.wait { (1...200).allSatisfy { link[UInt32($0)].hasEnded } })
        for number in 1...200 { #expect(link[UInt32(number)].text == "content \(number)") }
    }

    @Test
    func aLargeFileWaitsForCreditAndHoldsNobodyUp() throws {
        let content = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try driver.folder.write("www/large.bin", bytes: content)
        try driver.configure()
        let link = try driver.link(window: 1000)
        link.send(TestRequest("/large.bin"), stream: 1)
        link.send(TestRequest("/a.txt"), stream: 2)
        #expect(driver.wait { link[2].hasEnded && link[1].body.count == 1000 })
        #expect(!link[1].hasEnded)
        link.grant(2_000_000, stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        #expect(link[1].body == content)
    }

    @Test
    func aClientThatLeavesEndsItsResponseOnly() throws {
        try driver.folder.write("www/large.bin", bytes: Array(repeating: 1, count: 1_000_000))
        try driver.configure()
        let link = try driver.link(window: 1000)
        link.send(TestRequest("/large.bin"), stream: 1)
        #expect(driver.wait { link[1].body.count == 1000 })
        link.reset(stream: 1)
        #expect(driver.wait { link[1].reset == .clientGone })
        // The stream's slot is free again.
        link.send(TestRequest("/a.txt"), stream: 1 << 16 | 1)
        #expect(driver.wait { link[1 << 16 | 1].hasEnded })
        #expect(link[1 << 16 | 1].text == "content")
    }

    @Test
    func aLaterConfigurationHoldsForTheNextRequests() throws {
        try driver.configure()
        let link = try driver.link()
        link.send(TestRequest("/a.txt"), stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        try driver.configure(
            "<system.webServer><httpProtocol><customHeaders><add name=\"X-Version\" value=\"2\"/></customHeaders></httpProtocol></system.webServer>"
        )
        driver.send(.ping(7))
        #expect(driver.wait { driver.messages.contains(.pong(7)) })
        link.send(TestRequest("/a.txt"), stream: 2)
        #expect(driver.wait { link[2].hasEnded })
        #expect(link[1].head?.headers.contains("x-version") == false)
        #expect(link[2].head?.headers.contains("x-version") == true)
        #expect(driver.messages.filter { $0 == .ready }.count == 2)
    }

    @Test
    func aWorkerThatCannotReadItsConfigurationSaysWhyAndEnds() throws {
        try driver.configure(text: "<configuration>")
        #expect(driver.wait { driver.hasEnded })
        let reasons = driver.messages.compactMap { message in
            if case .goodbye(let reason) = message { reason } else { nil }
        }
        #expect(reasons.count == 1)
        #expect(reasons.first?.contains("Configuration file is not well-formed XML") == true)
        #expect(!driver.messages.contains(.ready))
    }

    @Test
    func aBrokenLaterConfigurationLeavesTheEarlierOneServing() throws {
        try driver.configure()
        let link = try driver.link()
        try driver.configure(text: "<configuration>")
        driver.send(.ping(7))
        #expect(driver.wait { driver.messages.contains(.pong(7)) })
        link.send(TestRequest("/a.txt"), stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        #expect(link[1].text == "content")
        #expect(!driver.hasEnded)
    }

    @Test
    func aDrainingWorkerSaysGoodbyeWhenTheRouterHasClosedItsLinks() throws {
        try driver.configure()
        let link = try driver.link()
        link.send(TestRequest("/a.txt"), stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        driver.send(.drain)
        #expect(driver.wait { link.hasDrained })
        #expect(!driver.messages.contains(.goodbye(reason: "drained")))
        link.close()
        #expect(driver.wait { driver.hasEnded })
        #expect(driver.messages.last == .goodbye(reason: "drained"))
    }

    @Test
    func aWorkerServesOnWithoutItsMaster() throws {
        try driver.configure()
        let link = try driver.link()
        #expect(driver.wait { driver.messages.contains(.ready) })
        driver.leave()
        link.send(TestRequest("/a.txt"), stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        #expect(link[1].text == "content")
    }
}
