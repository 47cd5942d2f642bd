using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>The queues of messages that could not be handled, as an operator looks into them.</summary>
internal sealed class DeadLetters : IAsyncDisposable
{
    private readonly IConnection _connection;

    private DeadLetters(IConnection connection) => _connection = connection;

    public static async Task<DeadLetters> OpenAsync(VproxLab lab)
    {
        var factory = new ConnectionFactory { Uri = VproxLab.BrokerAddress, SocketFactory = _ => new TcpClientAdapter(lab.Control.OpenTcp()) };
        return new DeadLetters(await factory.CreateConnectionAsync());
    }

    /// <summary>Takes messages out of a queue until it finds one with this text in its body; returns its cause.</summary>
    public Task<string> CauseOfAsync(string queue, string text) => VproxLab.WaitForAsync($"a message with {text} in {queue}", async () =>
    {
        await using var channel = await _connection.CreateChannelAsync();
        try
        {
            while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
            {
                if (Encoding.UTF8.GetString(message.Body.Span).Contains(text, StringComparison.Ordinal))
                    return $"{Header(message, "MT-Fault-ExceptionType")}: {Header(message, "MT-Fault-Message")}";
            }
        }
        catch (OperationInterruptedException absent) when (absent.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // The queue is made with its first message.
        }
        return null;
    }, TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out var value) == true && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";
}
