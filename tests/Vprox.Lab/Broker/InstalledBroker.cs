using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Vprox.Lab.Broker;

/// <summary>
/// Debian's and Ubuntu's rabbitmq-server, started privately: own ports, node name, port mapper (epmd), cookie, data, configuration,
/// no plugins. Nothing of an installed service is read or touched.
/// </summary>
internal sealed class InstalledBroker : RabbitBroker
{
    // A slow guest of a virtual machine needs more than a minute and a half.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // A port that was free when it was chosen may be another's by the time Erlang binds it.
    private const int PortTries = 3;
    private const string PortTaken = "could not bind to distribution port";

    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    // The guard ends what it began when its standard input closes, which also happens when this process is killed. Ctrl-C reaches the
    // whole process group and is left to this process. The server's script becomes the Erlang VM itself (RABBITMQ_ALLOW_INPUT), so
    // that $! is the broker.
    private const string Guard = """
        trap '' INT HUP
        epmd -port "$ERL_EPMD_PORT" -address "$ERL_EPMD_ADDRESS" & epmd=$!
        "$0" 2>&1 & server=$!
        echo "server $server"
        cat > /dev/null
        kill -KILL $server $epmd
        wait
        """;

    // RabbitMQ 3.10 keeps the directory of its quorum queues in a dets table, which Ra lets be written when nobody used it for half a second.
    // A queue that SIGKILL finds unwritten is begun anew at the next start, and a Ra server with an empty log waits for ever for somebody to
    // call an election. So the tables are written ten times a second, and whoever follows nobody is told to elect itself: alone, it wins.
    // Without spaces: the server's script splits its arguments at them.
    private const string KeepQuorumQueues =
        "-eval spawn(fun()->(fun(Again)->Again(Again)end)(fun(Again)->timer:sleep(100),[dets:sync(Table)||Table<-dets:all()],"
        + "[spawn(ra,trigger_election,[{Name,node()}])||ets:whereis(ra_state)=/=undefined,{Name,follower}<-ets:tab2list(ra_state)],Again(Again)end)end).";

    private readonly BrokerSettings settings;
    private readonly string folder;
    private readonly int port;
    private readonly Dictionary<string, string> environment;
    private Process? guard;
    private int server;

    public InstalledBroker(BrokerSettings settings)
    {
        this.settings = settings;
        folder = settings.Folder is { } given ? Directory.CreateDirectory(given).FullName : Directory.CreateTempSubdirectory("vprox-broker-").FullName;
        port = settings.Port ?? (settings.NetworkNamespace is null ? FreePort.Of(settings.Address) : 5672);
        File.WriteAllText(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = {settings.Address}:{port}
            default_user = {User}
            default_pass = {Password}
            loopback_users = none
            max_message_size = 16777216
            disk_free_limit.absolute = 50MB
            raft.wal_max_size_bytes = 16000000
            log.file = false
            log.console = true
            log.console.level = warning

            """);
        File.WriteAllText(In("enabled_plugins"), "[].\n");
        File.WriteAllText(In("environment"), "");
        environment = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_CONF_ENV_FILE"] = In("environment"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = In("none.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_NODENAME"] = $"{Path.GetFileName(folder)}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = In("data"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_PID_FILE"] = In("pid"),
            ["RABBITMQ_ALLOW_INPUT"] = "1",
            // Few schedulers that don't spin: several brokers share a small machine in tests.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-noinput +S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1} " + KeepQuorumQueues,
        };
    }

    public override string Uri => $"amqp://{User}:{Password}@{settings.Address}:{port}/";

    public override async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (!File.Exists(Server)) throw new InvalidOperationException("rabbitmq-server is not installed (apt-get install rabbitmq-server).");
        for (var tries = 1; ; tries++)
        {
            // Erlang's own two, which nobody else is told.
            environment["ERL_EPMD_PORT"] = FreePort.Of(IPAddress.Loopback).ToString(CultureInfo.InvariantCulture);
            environment["RABBITMQ_DIST_PORT"] = FreePort.Of(IPAddress.Loopback).ToString(CultureInfo.InvariantCulture);
            try
            {
                await StartOnceAsync(cancellationToken);
                return;
            }
            catch (IOException) when (tries < PortTries)
            {
                await CloseGuardAsync(cancellationToken);
            }
        }
    }

    /// <exception cref="IOException">One of Erlang's ports is taken.</exception>
    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo { FileName = "sh", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (settings.NetworkNamespace is { } name)
        {
            start.FileName = "ip";
            foreach (var argument in (string[])["netns", "exec", name, "sh"]) start.ArgumentList.Add(argument);
        }
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Guard);
        start.ArgumentList.Add(Server);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        guard = Process.Start(start)!;

        var said = new StringBuilder();
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Both streams are read by threads of their own, on after the broker is up and until it ends.
        string Told()
        {
            lock (said) return said.ToString();
        }
        void Read(string? line, bool last)
        {
            lock (said) said.AppendLine(line);
            if (line?.StartsWith("server ", StringComparison.Ordinal) == true) server = int.Parse(line[7..], CultureInfo.InvariantCulture);
            if (line?.Contains("completed with", StringComparison.Ordinal) == true) up.TrySetResult();
            if (line?.Contains(PortTaken, StringComparison.Ordinal) == true) up.TrySetException(new IOException(line));
            if (last) up.TrySetException(new InvalidOperationException($"rabbitmq-server ended before it was up:\n{Told()}"));
        }
        guard.OutputDataReceived += (_, received) => Read(received.Data, received.Data is null);
        guard.ErrorDataReceived += (_, received) => Read(received.Data, false);
        guard.BeginOutputReadLine();
        guard.BeginErrorReadLine();
        try
        {
            await up.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"rabbitmq-server was not up within {Patience.TotalMinutes} minutes:\n{Told()}");
        }
    }

    public override Task StopAsync(CancellationToken cancellationToken = default) => EndAsync("-TERM", cancellationToken);

    public override Task KillAsync(CancellationToken cancellationToken = default) => EndAsync("-KILL", cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await CloseGuardAsync(CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }

    private async Task EndAsync(string signal, CancellationToken cancellationToken)
    {
        if (guard is null) return;
        using (var broker = Process.GetProcessById(server))
        {
            using var kill = Process.Start("kill", [signal, server.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(cancellationToken);
            await broker.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }
        await CloseGuardAsync(cancellationToken);
    }

    private async Task CloseGuardAsync(CancellationToken cancellationToken)
    {
        if (guard is null) return;
        guard.StandardInput.Close();
        await guard.WaitForExitAsync(cancellationToken);
        guard.Dispose();
        guard = null;
    }

    private string In(string name) => Path.Combine(folder, name);
}
