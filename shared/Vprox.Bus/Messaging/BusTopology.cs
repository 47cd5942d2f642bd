using MassTransit;
using Vprox.Contracts;

namespace Vprox.Bus.Messaging;

/// <summary>Exchanges and queues as the design has them.</summary>
internal static class BusTopology
{
    private static readonly TimeSpan AgentQueueLife = TimeSpan.FromHours(1);

    public static void Configure(
        IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BrokerAddress address, VproxBusBuilder bus)
    {
        Connect(rabbit, address, bus.Service);
        rabbit.MessageTopology.SetEntityNameFormatter(new ExchangeNames.Formatter());
        // Every exchange exists once any service has started: a scheduler that publishes or binds early finds it.
        rabbit.DeployPublishTopology = true;
        foreach (var message in ExchangeNames.Messages) rabbit.Publish(message, publish => publish.ExchangeType = ExchangeNames.TypeOf(message));
        rabbit.Send<ContainerStarted>(send => send.UseRoutingKeyFormatter(sent => sent.Message.WorkerId ?? ""));
        // An error queue outlives the queue of its agent, and letters are taken from it one by one, also while a replica is active.
        rabbit.SendTopology.ConfigureErrorSettings = KeepLetters;
        rabbit.SendTopology.ConfigureDeadLetterSettings = KeepLetters;
        foreach (var queue in bus.Queues) rabbit.ReceiveEndpoint(queue.Name, endpoint => Configure(context, endpoint, queue));
    }

    private static void Connect(IRabbitMqBusFactoryConfigurator rabbit, BrokerAddress address, string service)
    {
        rabbit.Host(address.Host, address.Port, address.VirtualHost, service, host =>
        {
            host.Username(address.User);
            host.Password(address.Password);
            host.Heartbeat(TimeSpan.FromSeconds(5));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(3));
            // The broker takes up to 128 MiB (max_message_size). A client that takes less drops the connection, is given the same
            // message again, and so on for ever.
            host.MaxMessageSize(256u << 20);
            if (address.Tls) host.UseSsl(tls => tls.ServerName = address.Host);
        });
        rabbit.OverrideDefaultBusEndpointQueueName($"vprox.reply.{service}.{Guid.NewGuid():N}");
        ReconnectPolicy.UseFor(rabbit);
    }

    private static void KeepLetters(IRabbitMqQueueBindingConfigurator letters)
    {
        letters.QueueExpiration = null;
        letters.SetQueueArgument("x-single-active-consumer", null!);
        letters.SetQueueArgument("x-message-ttl", null!);
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator endpoint, QueueBuilder queue)
    {
        endpoint.PrefetchCount = queue.Concurrency * 2;
        endpoint.ConcurrentMessageLimit = queue.Concurrency;
        // Nobody listens for fault events; the letter in the error queue has the cause, and a requester is answered in any case.
        endpoint.PublishFaults = false;
        switch (queue.Kind)
        {
            case QueueKind.Quorum:
                endpoint.SetQuorumQueue();
                break;
            case QueueKind.QuorumSingleActive:
                endpoint.SetQuorumQueue();
                endpoint.SingleActiveConsumer = true;
                break;
            case QueueKind.Expiring:
                endpoint.QueueExpiration = AgentQueueLife;
                break;
            case QueueKind.Transient:
                endpoint.Durable = false;
                endpoint.AutoDelete = true;
                endpoint.SetQueueArgument("x-message-ttl", 1000);
                endpoint.DiscardFaultedMessages();
                endpoint.DiscardSkippedMessages();
                break;
        }
        queue.Binding?.Invoke(endpoint);
        if (queue.PlainJson) endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        if (queue.Kind != QueueKind.Transient)
        {
            endpoint.UseMessageRetry(retry =>
            {
                retry.Ignore<MalformedMessageException>();
                retry.Ignore<System.Runtime.Serialization.SerializationException>();
                retry.Ignore<System.Text.Json.JsonException>();
                retry.Exponential(4, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200));
            });
        }
        endpoint.UseConsumeFilter(typeof(RefuseMalformed<>), context);
        queue.Order(endpoint);
        foreach (var consumer in queue.Consumers) endpoint.ConfigureConsumer(context, consumer);
    }
}
