using System.Text;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Bus.Tests.Messaging;

public sealed class PlainJsonTests(BrokerFixture broker)
{
    private readonly string queue = $"vprox.test.{Guid.NewGuid():N}";
    private readonly string id = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData("not a content type")]
    [InlineData(null)]
    public async Task A_scheduler_in_another_language_is_understood(string? contentType)
    {
        await using var service = await StartAsync();
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);

        await scheduler.PublishAsync("vprox.proxy-requested", $$"""{"proxyId":"{{id}}","workspaceId":"w","addressCount":2,"colour":"blue"}""", contentType);

        var request = await service.Inbox.NextAsync<ProxyRequested>(m => m.ProxyId == id);
        Assert.Equal(("w", 2, null), (request.WorkspaceId, request.AddressCount, request.Region));
    }

    [Fact]
    public async Task Our_own_envelope_is_understood_on_the_same_queue()
    {
        await using var service = await StartAsync();

        await service.Publisher.PublishAsync(new ProxyRequested { ProxyId = id, WorkspaceId = "w", AddressCount = 3 }, default);

        Assert.Equal(3, (await service.Inbox.NextAsync<ProxyRequested>(m => m.ProxyId == id)).AddressCount);
    }

    [Theory]
    [InlineData("{", "")]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("\"text\"", "")]
    [InlineData("""{"workspaceId":"w","addressCount":1}""", "proxyId")]
    [InlineData("""{"proxyId":null,"workspaceId":"w","addressCount":1}""", "proxyId is required but null")]
    [InlineData("""{"proxyId":"p","workspaceId":"w","addressCount":"many"}""", "as a number")]
    [InlineData("""{"proxyId":"p","workspaceId":"w","addressCount":99999999999}""", "out of bounds for an Int32")]
    public async Task What_is_malformed_lies_in_the_error_queue_once_with_its_cause(string body, string cause)
    {
        await using var service = await StartAsync();
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);
        var handled = 0;
        service.Inbox.OnMessage = _ => Task.FromResult(Interlocked.Increment(ref handled));

        await scheduler.PublishAsync("", body, routingKey: queue);

        var letter = await scheduler.TakeAsync(queue + "_error");
        Assert.Equal("fault", Scheduler.Header(letter, "MT-Reason"));
        Assert.NotEqual("", Scheduler.Header(letter, "MT-Fault-ExceptionType"));
        Assert.Contains(cause, Scheduler.Header(letter, "MT-Fault-Message"));
        Assert.Equal(body, Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal(0u, await scheduler.CountAsync(queue + "_error"));
        Assert.Equal(0u, await scheduler.CountAsync(queue));
        Assert.Equal(0, handled);
    }

    [Fact]
    public async Task A_body_of_10_MB_lies_in_the_error_queue_and_the_next_message_is_handled()
    {
        await using var service = await StartAsync();
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);

        var padding = new string('x', 10 << 20);
        await scheduler.PublishAsync("", $$"""{"proxyId":"big","workspaceId":"w","addressCount":1,"padding":"{{padding}}"}""", routingKey: queue);
        await scheduler.PublishAsync("", $$"""{"proxyId":"{{id}}","workspaceId":"w","addressCount":1}""", routingKey: queue);

        await service.Inbox.NextAsync<ProxyRequested>(m => m.ProxyId == id);
        var letter = await scheduler.TakeAsync(queue + "_error");
        Assert.Contains("Bus:MaxBodyBytes", Scheduler.Header(letter, "MT-Fault-Message"));
        Assert.DoesNotContain(service.Inbox.Messages, m => m is ProxyRequested { ProxyId: "big" });
    }

    private Task<TestService> StartAsync() => TestService.StartAsync(broker.Uri, bus =>
        bus.PlainJsonQueue<ProxyRequested, InboxConsumer<ProxyRequested>>(queue, QueueKind.Quorum));
}
