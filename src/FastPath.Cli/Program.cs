System.Console.WriteLine("fastpath");
