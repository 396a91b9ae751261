// The front of the shop. It gives each request an id, passes it on to the api, and stays up when the api does not.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

const (
	patience = 4 * time.Second
	// A pod that is told to end gets requests until every node knows; it answers them.
	linger = 5 * time.Second
)

var (
	version = os.Args[1]
	api     = cmp.Or(os.Getenv("API"), "http://api:8080")
	// A connection for each request, so that new api pods get their share at once.
	client = http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
)

// ask passes a request on to the api; err also stands for an answer that is no success.
func ask(path, id string) (json.RawMessage, error) {
	request, err := http.NewRequest(http.MethodGet, api+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-Request-Id", id)
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("api: %s", answer.Status)
	}
	return body, err
}

// pass answers with what the api says below path, or with failure when it says nothing.
func pass(path string, failure int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if id == "" {
			random := make([]byte, 8)
			rand.Read(random)
			id = hex.EncodeToString(random)
		}
		page := map[string]any{
			"request": id, "shop": "open", "web": version, "language": runtime.Version(),
		}
		status := http.StatusOK
		if told, err := ask(path, id); err != nil {
			page["shop"], page["reason"], status = "closed", err.Error(), failure
		} else {
			page["api"] = told
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(page)
		log.Printf("request=%s path=%s shop=%s", id, r.URL.Path, page["shop"])
	}
}

func main() {
	log.SetOutput(os.Stdout)
	// The page is shown without the api; an order needs it.
	http.HandleFunc("GET /{$}", pass("/orders", http.StatusOK))
	http.HandleFunc("GET /order", pass("/order", http.StatusServiceUnavailable))
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	server := http.Server{Addr: ":8080"}
	told, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		<-told.Done()
		time.Sleep(linger)
		server.Close()
	}()
	log.Printf("web %s serves", version)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
