using MassTransit;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Bus.Tests.Messaging;

public sealed class RequestTests(BrokerFixture broker)
{
    private sealed class Grants : IConsumer<RequestGrant>
    {
        public Task Consume(ConsumeContext<RequestGrant> context) => context.Message.ProxyId switch
        {
            "broken" => throw new InvalidOperationException("the key file is gone"),
            "foreign" => context.RespondAsync(new GrantRefused { Code = ContainerRefusedCode.ForeignProxy, Reason = "not yours" }),
            _ => context.RespondAsync(new GrantIssued
            {
                Token = "t", Address = "192.0.2.1", WorkspaceId = "w", ServerPublicKey = "k", ListenPort = 49152, TlsPin = "p",
                InnerSubnet = "240.0.0.0/22", InnerAddresses = ["240.0.0.2"], PortBlocks = ["1024-1279"], ExpiresAt = DateTimeOffset.UnixEpoch,
            }),
        };
    }

    [Fact]
    public async Task A_request_is_answered_refused_or_fails_in_bounded_time()
    {
        await using var service = await TestService.StartAsync(
            broker.Uri,
            bus => bus.Queue($"vprox.test.{Guid.NewGuid():N}", QueueKind.Quorum, queue => queue.Consumer<Grants>()),
            args: ["--Bus:RequestTimeout", "00:00:15"]);

        var (issued, none) = await service.Requester.RequestAsync<RequestGrant, GrantIssued, GrantRefused>(Grant("p"), default);
        var (nothing, refused) = await service.Requester.RequestAsync<RequestGrant, GrantIssued, GrantRefused>(Grant("foreign"), default);
        var failed = await Assert.ThrowsAsync<NoAnswerException>(
            () => service.Requester.RequestAsync<RequestGrant, GrantIssued, GrantRefused>(Grant("broken"), default));

        Assert.Equal(("192.0.2.1", null, null, "not yours"), (issued?.Address, none, nothing, refused?.Reason));
        Assert.Contains("the key file is gone", failed.Message);
    }

    [Fact]
    public async Task A_request_that_nobody_answers_ends()
    {
        await using var service = await TestService.StartAsync(broker.Uri, _ => { }, args: ["--Bus:RequestTimeout", "00:00:00.5"]);

        await Assert.ThrowsAsync<NoAnswerException>(() =>
            service.Requester.RequestAsync<RequestNodeSnapshot, NodeSnapshot>(new RequestNodeSnapshot { NodeId = "n" }, default));
    }

    [Fact]
    public async Task Every_exchange_exists_once_any_service_has_started()
    {
        await using var service = await TestService.StartAsync(broker.Uri, _ => { });
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);

        foreach (var message in ExchangeNames.Messages)
        {
            await scheduler.Channel.ExchangeDeclarePassiveAsync(ExchangeNames.Of(message));
            // Declaring again with the same properties is allowed, with another type it is an error.
            await scheduler.Channel.ExchangeDeclareAsync(ExchangeNames.Of(message), ExchangeNames.TypeOf(message), durable: true, autoDelete: false);
        }
    }

    private static RequestGrant Grant(string proxy) => new() { ProxyId = proxy, WorkerId = "w", PeerPublicKey = "k" };
}
