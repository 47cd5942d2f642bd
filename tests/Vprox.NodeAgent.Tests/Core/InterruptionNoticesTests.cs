using Vprox.NodeAgent.Core.Interruptions;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class InterruptionNoticesTests
{
    [Fact]
    public void A_spot_instance_that_ends_gives_notice() => Assert.Equal(
        "spot instance-action terminate at 2026-01-01T00:02:00Z",
        Assert.Single(InterruptionNotices.OfSpot("""{"action":"terminate","time":"2026-01-01T00:02:00Z"}""")).Reason);

    [Fact]
    public void A_rebalance_recommendation_is_one() => Assert.Equal(
        "rebalance recommendation of 2026-01-01T00:00:00Z", Assert.Single(InterruptionNotices.OfRebalance("""{"noticeTime":"2026-01-01T00:00:00Z"}""")).Reason);

    [Fact]
    public void Of_scheduled_events_those_that_are_still_to_come_are() => Assert.Equal(
        ["scheduled instance-retirement at 21 Jan 2026 09:00:43 GMT"],
        InterruptionNotices.OfMaintenance("""
            [
              {"NotBefore":"21 Jan 2026 09:00:43 GMT","Code":"instance-retirement","Description":"…","EventId":"instance-event-0d59937288b749b32","State":"active"},
              {"NotBefore":"20 Jan 2026 09:00:43 GMT","Code":"system-reboot","EventId":"instance-event-1","State":"completed"}
            ]
            """).Select(notice => notice.Reason));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("<html>503</html>")]
    [InlineData("[null, 7, \"x\", []]")]
    [InlineData("[{\"State\":\"active\"}]")]
    [InlineData("[{\"State\":\"active\",\"Code\":\"\\u0000\\nforged line\"}]")]
    [InlineData("{\"action\":{\"action\":\"terminate\"}}")]
    [InlineData("{\"action\":\"dance\",\"time\":7}")]
    [InlineData("{\"noticeTime\":\"<script>\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]")]
    public void What_cannot_be_understood_empties_no_node(string? text)
    {
        Assert.Empty(InterruptionNotices.OfSpot(text));
        Assert.Empty(InterruptionNotices.OfRebalance(text));
        Assert.Empty(InterruptionNotices.OfMaintenance(text));
    }

    [Fact]
    public void A_thousand_events_are_not_a_thousand_drains() => Assert.InRange(
        InterruptionNotices.OfMaintenance("[" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{"Code":"system-reboot","EventId":"e{{i}}","State":"active"}""")) + "]").Count,
        1, 100);
}
