using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

public sealed class Ec2EventTests
{
    [Fact]
    public void A_change_of_state_is_taken_with_its_time() => Assert.Equal(
        [new Observation.InstanceState("i-1", "shutting-down", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))],
        Ec2Event.Parse("""
            {"version":"0","id":"a","detail-type":"EC2 Instance State-change Notification","source":"aws.ec2","account":"1","time":"2026-01-02T03:04:05Z",
            "region":"us-east-1","resources":[],"detail":{"instance-id":"i-1","state":"shutting-down"}}
            """));

    [Fact]
    public void Notices_name_the_instance_and_the_occasion()
    {
        Assert.Equal(
            [new Observation.InstanceNotice("i-1", "a spot interruption, terminate, on 2026-01-02T03:04:05Z")],
            Ec2Event.Parse("""{"detail-type":"EC2 Spot Instance Interruption Warning","time":"2026-01-02T03:04:05Z","detail":{"instance-id":"i-1","instance-action":"terminate"}}"""));
        Assert.Equal(
            [new Observation.InstanceNotice("i-1", "a rebalance recommendation on 2026-01-02T03:04:05Z")],
            Ec2Event.Parse("""{"detail-type":"EC2 Instance Rebalance Recommendation","time":"2026-01-02T03:04:05Z","detail":{"instance-id":"i-1"}}"""));
    }

    [Fact]
    public void A_scheduled_change_names_every_instance_it_concerns_and_other_health_events_none()
    {
        const string Health = """
            {"detail-type":"AWS Health Event","source":"aws.health","time":"2026-01-02T03:04:05Z","detail":{"service":"EC2","eventTypeCategory":"scheduledChange",
            "eventTypeCode":"AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED","startTime":"Sat, 05 Jun 2026 15:10:09 GMT",
            "affectedEntities":[{"entityValue":"i-1"},{"entityValue":"i-2"}]}}
            """;
        Assert.Equal(["i-1", "i-2"], Ec2Event.Parse(Health).Cast<Observation.InstanceNotice>().Select(notice => notice.InstanceId));
        Assert.Empty(Ec2Event.Parse(Health.Replace("scheduledChange", "issue", StringComparison.Ordinal)));
        Assert.Empty(Ec2Event.Parse(Health.Replace("\"EC2\"", "\"RDS\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Events_of_no_concern_are_empty() =>
        Assert.Empty(Ec2Event.Parse("""{"detail-type":"EBS Volume Notification","detail":{}}"""));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"detail-type":"EC2 Instance State-change Notification","detail":{"instance-id":"i-1"}}""")]
    [InlineData("""{"detail-type":"EC2 Instance State-change Notification","time":"yesterday","detail":{"instance-id":"i-1","state":"stopped"}}""")]
    [InlineData("""{"detail-type":"EC2 Instance State-change Notification","time":"2026-01-02T03:04:05Z","detail":{"instance-id":7,"state":"stopped"}}""")]
    [InlineData("""{"detail-type":"EC2 Spot Instance Interruption Warning","time":"2026-01-02T03:04:05Z","detail":null}""")]
    [InlineData("""{"detail-type":"AWS Health Event","detail":{"service":"EC2","eventTypeCategory":"scheduledChange","eventTypeCode":"x","affectedEntities":{}}}""")]
    [InlineData("""{"detail-type":7,"detail":{}}""")]
    public void What_is_no_event_is_said_to_be_none(string body) => Assert.Throws<FormatException>(() => Ec2Event.Parse(body));
}
