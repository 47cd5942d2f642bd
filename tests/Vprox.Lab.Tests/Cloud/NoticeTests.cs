using System.Text.Json;
using Amazon.SQS.Model;
using Vprox.Lab.Cloud;

namespace Vprox.Lab.Tests.Cloud;

public sealed class NoticeTests
{
    [Fact]
    public async Task Interruption_recommendation_and_maintenance_stand_in_IMDS_and_come_as_events()
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var imds = await MetadataAsync(cloud);
        await cloud.Admin.InterruptAsync(CloudFixture.Node1, "terminate");
        await cloud.Admin.RecommendRebalanceAsync(CloudFixture.Node1);
        await cloud.Admin.ScheduleEventAsync(CloudFixture.Node1, "instance-retirement");

        Assert.Contains("\"action\":\"terminate\"", await imds.GetStringAsync("spot/instance-action"), StringComparison.Ordinal);
        Assert.Contains("noticeTime", await imds.GetStringAsync("events/recommendations/rebalance"), StringComparison.Ordinal);
        Assert.Contains("instance-retirement", await imds.GetStringAsync("events/maintenance/scheduled"), StringComparison.Ordinal);
        var events = await EventsAsync(cloud, 3);
        Assert.Equal(
            ["AWS Health Event aws.health", "EC2 Instance Rebalance Recommendation aws.ec2", "EC2 Spot Instance Interruption Warning aws.ec2"],
            events.Select(body => $"{body.GetProperty("detail-type")} {body.GetProperty("source")}").Order(StringComparer.Ordinal));
        var health = events.Single(body => body.GetProperty("source").GetString() == "aws.health").GetProperty("detail");
        Assert.Equal("scheduledChange", health.GetProperty("eventTypeCategory").GetString());
        Assert.Equal(CloudFixture.Node1, health.GetProperty("affectedEntities")[0].GetProperty("entityValue").GetString());

        await cloud.Admin.ClearNoticesAsync(CloudFixture.Node1);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await imds.GetAsync("spot/instance-action")).StatusCode);
        Assert.Equal("[]", await imds.GetStringAsync("events/maintenance/scheduled"));
    }

    [Fact]
    public async Task An_event_may_come_twice()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Admin.SetAsync(settings => settings with { DuplicateEvents = true });

        await cloud.Admin.ChangeStateAsync(CloudFixture.Node2, "stopped");

        var events = await EventsAsync(cloud, 2);
        Assert.Equal(events[0].GetProperty("id").GetString(), events[1].GetProperty("id").GetString());
    }

    private static async Task<IReadOnlyList<JsonElement>> EventsAsync(CloudFixture cloud, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var events = new List<JsonElement>();
        while (events.Count < count)
        {
            var received = await cloud.Sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest { QueueUrl = cloud.Server.QueueUrl("vprox-events"), MaxNumberOfMessages = 10, WaitTimeSeconds = 5 }, deadline.Token);
            events.AddRange((received.Messages ?? []).Select(message => JsonDocument.Parse(message.Body).RootElement));
        }
        return events;
    }

    private static async Task<HttpClient> MetadataAsync(CloudFixture cloud)
    {
        var imds = new HttpClient { BaseAddress = new Uri(cloud.Server.Metadata[CloudFixture.Node1], "/latest/meta-data/") };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/latest/api/token");
        request.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", "60");
        var token = await (await imds.SendAsync(request)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        imds.DefaultRequestHeaders.Add("X-aws-ec2-metadata-token", token);
        return imds;
    }
}
