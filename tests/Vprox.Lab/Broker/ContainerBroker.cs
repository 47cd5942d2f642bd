using System.Net.Sockets;
using DotNet.Testcontainers.Builders;
using Testcontainers.RabbitMq;

namespace Vprox.Lab.Broker;

/// <summary>RabbitMQ's own image by Testcontainers.</summary>
internal sealed class ContainerBroker : RabbitBroker
{
    private const string Image = "rabbitmq:3.13";
    private readonly RabbitMqContainer container;

    private ContainerBroker(RabbitMqContainer container) => this.container = container;

    public override string Uri => container.GetConnectionString();

    /// <summary>Null when no engine answers at once or it cannot have the image.</summary>
    public static async Task<ContainerBroker?> TryStartAsync(CancellationToken cancellationToken)
    {
        if (!await EngineAnswersAsync(cancellationToken)) return null;
        // A fixed host port: with one of Docker's choosing a restart would move the broker.
        var port = FreePort.Of(System.Net.IPAddress.Loopback);
        var container = new RabbitMqBuilder(Image).WithUsername(User).WithPassword(Password).WithPortBinding(port, 5672)
            // Docker's stop is the kill here; a clean stop asks the broker first.
            .WithCreateParameterModifier(create => create.StopSignal = "SIGKILL").Build();
        try
        {
            await container.StartAsync(cancellationToken).WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
            return new ContainerBroker(container);
        }
        catch (Exception unavailable) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"Docker answers but {Image} did not start, taking the installed rabbitmq-server: {unavailable.Message}");
            await container.DisposeAsync();
            return null;
        }
    }

    public override Task StartAgainAsync(CancellationToken cancellationToken = default) => container.StartAsync(cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await container.ExecAsync(["rabbitmqctl", "stop_app"], cancellationToken);
        await container.StopAsync(cancellationToken);
    }

    public override Task KillAsync(CancellationToken cancellationToken = default) => container.StopAsync(cancellationToken);

    public override ValueTask DisposeAsync() => container.DisposeAsync();

    private static async Task<bool> EngineAnswersAsync(CancellationToken cancellationToken)
    {
        const string engine = "/var/run/docker.sock";
        if (!File.Exists(engine)) return false;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(2));
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        try
        {
            using var answer = await http.GetAsync(new Uri("http://docker/_ping"), deadline.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
