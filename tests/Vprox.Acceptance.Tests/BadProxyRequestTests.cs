using System.Text.Json;
using Vprox.Lab.Scheduling;

namespace Vprox.Acceptance.Tests;

/// <summary>Requests for proxies that cannot be met: each gets an answer that says what to do, and nothing else is disturbed.</summary>
public sealed class BadProxyRequestTests(SharedLab shared) : AcceptanceTest(shared)
{
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(-1)]
    public async Task An_impossible_number_of_addresses_is_rejected(int addressCount)
    {
        var rejected = await AskForProxyAsync(Id("proxy"), addressCount: addressCount);

        Assert.Equal(("vprox.proxy-rejected", "invalid-request"), (rejected.Exchange, rejected.Text("code")));
        Assert.Contains("addressCount", rejected.Text("reason"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_unknown_region_is_rejected_with_the_known_ones()
    {
        var rejected = await AskAsync(new { proxyId = Id("proxy"), workspaceId = "ws-1", addressCount = 1, region = "mars-north-1" });

        Assert.Equal("unknown-region", rejected.Text("code"));
        Assert.Contains("us-east-1", rejected.Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_workspaces_proxy_id_is_rejected()
    {
        var (proxy, _) = await ProxyAsync("mine", "ws-1");

        var rejected = await AskAsync(new { proxyId = proxy, workspaceId = "ws-2", addressCount = 1 }, rejectedOnly: true);

        Assert.Equal("foreign-proxy", rejected.Text("code"));
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var (id, json) = (Id("proxy"), new { color = "blue", nested = new { a = new[] { 1, 2 } } });

        await PublishAsync($$"""{"proxyId":"{{id}}","workspaceId":"ws-1","addressCount":1,"future":{{JsonSerializer.Serialize(json)}}}""");

        var ready = await AskForProxyAsync(id);
        Assert.Equal("vprox.proxy-ready", ready.Exchange);
    }

    [Fact]
    public async Task Malformed_JSON_lies_in_the_error_queue_with_its_cause_and_the_next_request_is_answered()
    {
        await using var letters = await DeadLetters.OpenAsync(Lab);
        var mark = Id("broken");

        await PublishAsync($$"""{"proxyId":"{{mark}}","workspaceId":""");

        Assert.Contains("Json", await letters.CauseOfAsync("vprox.allocator.proxy-requested_error", mark), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("vprox.proxy-ready", (await AskForProxyAsync(Id("proxy"))).Exchange);
    }

    [Theory]
    [InlineData("""{"workspaceId":"ID","addressCount":1}""", "proxyId")]
    [InlineData("""{"proxyId":"ID","addressCount":1}""", "workspaceId")]
    [InlineData("""{"proxyId":"ID","workspaceId":"ws-1"}""", "addressCount")]
    [InlineData("""{"proxyId":"ID","workspaceId":null,"addressCount":1}""", "workspaceId")]
    public async Task A_missing_field_lies_in_the_error_queue_by_its_name(string json, string field)
    {
        await using var letters = await DeadLetters.OpenAsync(Lab);
        var mark = Id("missing");

        await PublishAsync(json.Replace("ID", mark, StringComparison.Ordinal));

        Assert.Contains(field, await letters.CauseOfAsync("vprox.allocator.proxy-requested_error", mark), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_a_node_that_takes_addresses_a_request_is_rejected_and_with_one_it_is_met()
    {
        try
        {
            foreach (var node in Lab.Nodes)
                await CommandAsync("CordonNode", "vprox.cordon-node", node.InstanceId);
            await UntilAsync("requests are rejected for want of a node", async () =>
                (await AskForProxyAsync(Id($"none-{Guid.NewGuid():N}"))).Text("code") == "no-node");
        }
        finally
        {
            foreach (var node in Lab.Nodes)
                await CommandAsync("UncordonNode", "vprox.uncordon-node", node.InstanceId);
        }
        await UntilAsync("requests are met again", async () =>
            (await AskForProxyAsync(Id($"some-{Guid.NewGuid():N}"))).Exchange == "vprox.proxy-ready");
    }

    private Task PublishAsync(string json) => Lab.Scheduler.PublishAsync("vprox.proxy-requested", "", json);

    // Operators' commands go as MassTransit's envelope: only what schedulers send is taken as plain JSON.
    private Task CommandAsync(string type, string exchange, string nodeId) => Lab.Scheduler.PublishAsync(exchange, "", JsonSerializer.Serialize(new
    {
        messageId = Guid.NewGuid(),
        messageType = new[] { $"urn:message:Vprox.Contracts:{type}" },
        message = new { nodeId },
    }), contentType: "application/vnd.masstransit+json");

    private async Task<SchedulerEvent> AskAsync(object request, bool rejectedOnly = false)
    {
        var json = JsonSerializer.SerializeToElement(request);
        await PublishAsync(json.GetRawText());
        var id = json.GetProperty("proxyId").GetString();
        return await Lab.Scheduler.ExpectAsync(
            seen => (seen.Exchange == "vprox.proxy-rejected" || (!rejectedOnly && seen.Exchange == "vprox.proxy-ready")) && seen.Text("proxyId") == id, Deadline);
    }
}
