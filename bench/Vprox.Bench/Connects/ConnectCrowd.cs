using System.Diagnostics;
using System.Net;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Vprox.Bench.Connects;

/// <summary>
/// Many clients that connect at one moment. One thread, epoll(7) and OpenSSL: they share the processor with the node, and .NET's own clients, which build a chain of certificates for
/// each connection, took a third of it.
/// </summary>
internal static unsafe class ConnectCrowd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What came of it.</summary>
    /// <param name="Failures">Clients that were not answered 200.</param>
    /// <param name="FirstFailure">What one of them saw.</param>
    /// <param name="Percentile99">Time from the common start to the answer.</param>
    public sealed record Result(int Failures, string? FirstFailure, TimeSpan Percentile99);

    /// <summary>Connects from the calling thread's network namespace.</summary>
    /// <exception cref="BenchmarkException">Some had no answer within 30 s.</exception>
    public static Result Run(IPEndPoint server, IReadOnlyList<GrantSupply.Item> grants)
    {
        using var context = LibSsl.NewContext();
        var clients = grants.Select(grant => new CrowdClient(context, server, grant)).ToList();
        try
        {
            var took = Answers(server, clients);
            var failures = clients.Select(client => client.Outcome!).Where(outcome => !outcome.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)).ToList();
            return new Result(failures.Count, failures.FirstOrDefault(), TimeSpan.FromMilliseconds(Percentile.Of(took, 0.99)));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static List<double> Answers(IPEndPoint server, List<CrowdClient> clients)
    {
        const int most = 64;
        var events = stackalloc epoll_event[most];
        var poll = Check(epoll_create1(EPOLL_CLOEXEC));
        try
        {
            var took = new List<double>(clients.Count);
            var started = Stopwatch.GetTimestamp();
            for (var index = 0; index < clients.Count; index++)
            {
                var interest = new epoll_event { events = EPOLLIN | EPOLLOUT | EPOLLET };
                interest.data.u32 = (uint)index;
                Connect(clients[index].Descriptor, server);
                Check(epoll_ctl(poll, EPOLL_CTL_ADD, clients[index].Descriptor, &interest));
            }
            while (took.Count < clients.Count)
            {
                var left = Patience - Stopwatch.GetElapsedTime(started);
                var ready = left > TimeSpan.Zero ? epoll_wait(poll, events, most, (int)left.TotalMilliseconds + 1) : 0;
                if (ready == 0)
                    throw new BenchmarkException($"{clients.Count - took.Count} of {clients.Count} had no answer within {Patience.TotalSeconds} s");
                for (var index = 0; index < ready; index++)
                {
                    var client = clients[(int)events[index].data.u32];
                    if (client.Outcome is not null)
                        continue;
                    client.GoOn();
                    if (client.Outcome is not null)
                        took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
            return took;
        }
        finally
        {
            _ = close(poll);
        }
    }

    // Without .NET's exception for each connection that is on its way.
    private static void Connect(int descriptor, IPEndPoint server)
    {
        var address = new sockaddr_in { sin_family = AF_INET, sin_port = htons((ushort)server.Port) };
        server.Address.TryWriteBytes(new Span<byte>(&address.sin_addr, 4), out _);
        if (connect(descriptor, (sockaddr*)&address, (socklen_t)sizeof(sockaddr_in)) < 0 && errno != EINPROGRESS)
            Check(-1);
    }

    private static int Check(int result) => result >= 0 ? result : throw new BenchmarkException($"the crowd could not gather: errno {errno}");
}
