import AspNetCoreModule
import Testing

struct ApplicationPlaceTests {
    @Test func theRootApplicationIsNamedWithoutASlash() {
        let place = ApplicationPlace(siteName: "Shop", siteID: 7, path: "/", folder: "/srv/shop", pool: "Shop")
        #expect(place.applicationID == "/LM/W3SVC/7/ROOT")
        #expect(place.configurationPath == "MACHINE/WEBROOT/APPHOST/Shop")
    }

    @Test func anApplicationBelowItIsNamedByItsPath() {
        let place = ApplicationPlace(siteName: "Shop", siteID: 7, path: "/api", folder: "/srv/api", pool: "Shop")
        #expect(place.applicationID == "/LM/W3SVC/7/ROOT/api")
        #expect(place.configurationPath == "MACHINE/WEBROOT/APPHOST/Shop/api")
    }
}
