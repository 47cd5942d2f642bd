using System.Text.Json;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>Container events that cannot be carried out: each gets an answer that says what to do.</summary>
public sealed class BadContainerEventTests(SharedLab shared) : AcceptanceTest(shared)
{
    private LabContainer Container => Worker.Containers[0];

    [Fact]
    public async Task Two_containers_with_one_address_the_second_is_refused_and_the_first_goes_on()
    {
        var (proxy, address) = await ProxyAsync();
        var first = await RouteAsync(Container, proxy, "first");

        var second = await SendStartAsync(Container, proxy, "second");

        await AssertRefusedAsync(second, "address-in-use", first);
        Assert.Equal(address.ToString(), await Container.SeenAddressAsync());
    }

    [Fact]
    public async Task A_container_for_another_worker_is_refused()
    {
        var (proxy, _) = await ProxyAsync();

        var id = await SendStartAsync(Container, proxy, more: new { workerId = ClosedWorker.WorkerId });

        await AssertRefusedAsync(id, "foreign-container", ClosedWorker.WorkerId);
        Assert.Equal(Worker.PublicAddress.ToString(), await Container.SeenAddressAsync());
    }

    [Fact]
    public async Task A_container_whose_address_is_on_another_worker_is_refused()
    {
        var (proxy, _) = await ProxyAsync();
        var id = Id("elsewhere");

        await PublishAsync(Worker, JsonSerializer.Serialize(new { containerId = id, containerIp = ClosedWorker.Containers[0].Address.ToString(), proxyId = proxy }));

        await AssertRefusedAsync(id, "foreign-container", "leads to");
        await Lab.Scheduler.StopContainerAsync(id, Worker.WorkerId);
    }

    [Fact]
    public async Task Another_workspaces_proxy_is_refused_and_the_container_reaches_nothing()
    {
        var (proxy, _) = await ProxyAsync("theirs", "ws-1");

        var id = await SendStartAsync(Container, proxy, more: new { workspaceId = "ws-2" });

        await AssertRefusedAsync(id, "foreign-proxy", "another workspace");
        await Assert.ThrowsAnyAsync<Exception>(() => Container.SeenAddressAsync());
    }

    [Fact]
    public async Task An_unknown_proxy_is_refused()
    {
        var id = await SendStartAsync(Container, Id("no-such-proxy"));

        await AssertRefusedAsync(id, "unknown-proxy", "request it");
    }

    [Theory]
    [InlineData("not-an-address")]
    [InlineData("fd00::1")]
    [InlineData("")]
    public async Task What_is_no_IPv4_address_is_refused(string ip)
    {
        var id = Id("address");

        await PublishAsync(Worker, JsonSerializer.Serialize(new { containerId = id, containerIp = ip, proxyId = "p" }));

        await AssertRefusedAsync(id, "invalid-request", "containerIp");
    }

    [Fact]
    public async Task Malformed_JSON_lies_in_the_workers_error_queue_and_the_next_container_is_routed()
    {
        await using var letters = await DeadLetters.OpenAsync(Lab);
        var mark = Id("broken");

        await PublishAsync(Worker, $$"""{"containerId":"{{mark}}",,}""");

        Assert.Contains("Json", await letters.CauseOfAsync($"vprox.worker.{Worker.WorkerId}.container-started_error", mark), StringComparison.OrdinalIgnoreCase);
        var (proxy, _) = await ProxyAsync();
        await RouteAsync(Container, proxy);
    }

    [Fact]
    public async Task A_missing_address_lies_in_the_workers_error_queue_by_its_name()
    {
        await using var letters = await DeadLetters.OpenAsync(Lab);
        var mark = Id("missing");

        await PublishAsync(Worker, $$"""{"containerId":"{{mark}}","proxyId":"p"}""");

        Assert.Contains("containerIp", await letters.CauseOfAsync($"vprox.worker.{Worker.WorkerId}.container-started_error", mark), StringComparison.OrdinalIgnoreCase);
    }

    private Task PublishAsync(LabWorker worker, string json) => Lab.Scheduler.PublishAsync("vprox.container-started", worker.WorkerId, json);

    private async Task AssertRefusedAsync(string containerId, string code, string reasonHolds)
    {
        var refused = await AnswerAsync(containerId);
        Assert.Equal(("vprox.container-refused", code), (refused.Exchange, refused.Text("code")));
        Assert.Contains(reasonHolds, refused.Text("reason"), StringComparison.Ordinal);
    }
}
