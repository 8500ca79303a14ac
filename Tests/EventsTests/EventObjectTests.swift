import Events
import Testing

@Suite struct EventObjectTests {
    @Test(arguments: ["Shop", "a \"quoted\" one", "\"", ""])
    func theNameOfAPoolIsFoundAgain(name: String) {
        #expect(EventObject.poolName(of: EventObject.pool(name)) == name)
    }

    @Test(arguments: ["", "Site \"Shop\"", "Pool \"", "Pool \"Shop", "pool \"Shop\""])
    func otherObjectsAreNoPool(object: String) {
        #expect(EventObject.poolName(of: object) == nil)
    }
}
